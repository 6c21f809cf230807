"""Writes goldens/nn/{activations,norms,initializers,sublayers}.json: PyTorch's and transformers' numbers in float64.

    python goldens/generate/parts.py
"""
import json
import math
import pathlib

import torch
import transformers
from torch.nn import functional as F
from transformers.activations import ACT2CLS, ACT2FN

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
FOLDER = pathlib.Path(__file__).parent.parent / "nn"
MADE_BY = dict(
    script="goldens/generate/parts.py",
    torch=torch.__version__.split("+")[0],
    transformers=transformers.__version__,
)


def write(name, golden):
    (FOLDER / f"{name}.json").write_text(json.dumps(dict(madeBy=MADE_BY, **golden)) + "\n")


def curve(f, points):
    x = torch.tensor(points, requires_grad=True)
    y = f(x)
    y.sum().backward()
    return dict(value=y.tolist(), derivative=x.grad.tolist())


# No kink among them but 0: at the others PyTorch and the code under test may each choose a side.
points = [-40.0, -12.5, -6.5, -3.5, -2.269, -1.278, -0.7518, -0.3, -1e-3, 0.0, 1e-3, 0.4, 1.0, 2.699, 3.5, 5.5, 7.0, 12.5, 40.0]
names = [name for name in ACT2CLS if name not in ("prelu", "xielu", "sqrtsoftplus")]
activations = {name: ACT2FN[name] for name in names}
activations |= dict(celu=F.celu, elu=F.elu, selu=F.selu, softplus=lambda x: F.softplus(x, threshold=1e3))
xielu = ACT2CLS["xielu"](dtype=torch.float64)
xielu.eps = torch.tensor(1.0)  # as in the paper: no cut, and no tie at 0
write(
    "activations",
    dict(
        points=points,
        curves={name: curve(f, points) for name, f in activations.items()},
        celu=dict(alpha=2.0, **curve(lambda x: F.celu(x, 2.0), points)),
        swish=dict(beta=0.5, **curve(lambda x: x * torch.sigmoid(0.5 * x), points)),
        xielu=curve(xielu._xielu_python, points),
    ),
)


def normed(f, *learned):
    x = torch.randn(3, 6, requires_grad=True)
    upstream = torch.randn(3, 6)
    learned = [p.clone().requires_grad_() for p in learned]
    y = f(x, *learned)
    (y * upstream).sum().backward()
    flat = lambda t: t.flatten().tolist()
    return dict(
        x=flat(x), upstream=flat(upstream), learned=[flat(p) for p in learned], y=flat(y),
        dx=flat(x.grad), dLearned=[flat(p.grad) for p in learned],
    )


def rms_outside(x, gain, measured=6):
    rms = x[..., :measured].square().mean(-1, keepdim=True).sqrt()
    return x / (rms + 0.1) * gain


gain, bias = torch.randn(6), torch.randn(6)
write(
    "norms",
    {
        "layer": normed(lambda x, g, b: F.layer_norm(x, (6,), g, b, 0.1), gain, bias),
        "layer without a bias": normed(lambda x, g: F.layer_norm(x, (6,), g, None, 0.1), gain),
        "layer without parameters": normed(lambda x: F.layer_norm(x, (6,), None, None, 0.1)),
        "layer with an offset": normed(lambda x, g, b: F.layer_norm(x, (6,), g + 1, b, 0.1), gain, bias),
        "rms": normed(lambda x, g: F.rms_norm(x, (6,), g, 0.1), gain),
        "rms without parameters": normed(lambda x: F.rms_norm(x, (6,), None, 0.1)),
        "rms with an offset": normed(lambda x, g: F.rms_norm(x, (6,), g + 1, 0.1), gain),
        "rms, eps outside": normed(rms_outside, gain),
        "rms of two channels": normed(lambda x, g: rms_outside(x, g, 2), gain),
    },
)



def sublayer(f, **shapes):
    """A function of x [5, 4] and matrices, with the gradients of all of them."""
    weights = {name: torch.randn(shape, requires_grad=True) for name, shape in shapes.items()}
    x, upstream = torch.randn(5, 4, requires_grad=True), torch.randn(5, 4)
    y = f(x, **weights)
    (y * upstream).sum().backward()
    flat = lambda t: t.flatten().tolist()
    return dict(
        x=flat(x), upstream=flat(upstream), y=flat(y), dx=flat(x.grad),
        weights={name: flat(w) for name, w in weights.items()},
        gradients={name: flat(w.grad) for name, w in weights.items()},
    )


write(
    "sublayers",
    dict(
        # The first half is the value, the second the gate.
        glu=sublayer(
            lambda x, up, gate, down: F.linear(F.glu(F.linear(x, torch.cat([up, gate]))), down),
            up=(6, 4), gate=(6, 4), down=(4, 6),
        ),
        mlp=sublayer(lambda x, up, down: F.linear(F.gelu(F.linear(x, up)), down), up=(6, 4), down=(4, 6)),
        deepNorm=sublayer(
            lambda x, up, down: F.layer_norm(1.7 * x + F.linear(F.relu(F.linear(x, up)), down), (4,), eps=1e-5),
            up=(6, 4), down=(4, 6),
        ),
    ),
)

init = torch.nn.init
write(
    "initializers",
    dict(
        fanIn=48,
        fanOut=320,
        gains={name: init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")},
        # Limits of uniform ones and deviations of normal ones, as measured on many numbers.
        measured={
            name: dict(std=w.std().item(), most=w.abs().max().item())
            for name, w in (
                ("xavierNormal", init.xavier_normal_(torch.empty(320, 48), gain=0.3)),
                ("xavierUniform", init.xavier_uniform_(torch.empty(320, 48), gain=0.3)),
                ("kaimingNormal", init.kaiming_normal_(torch.empty(320, 48), nonlinearity="relu")),
                ("kaimingUniform", init.kaiming_uniform_(torch.empty(320, 48), nonlinearity="relu")),
                ("linear", torch.nn.Linear(48, 320).weight.detach()),
            )
        },
        truncated=dict(
            std=0.02, bound=0.06, measured=init.trunc_normal_(torch.empty(400, 400), std=0.02, a=-0.06, b=0.06).std().item()
        ),
        halfTruncated=dict(
            std=0.02, bound=0.02, measured=init.trunc_normal_(torch.empty(400, 400), std=0.02, a=-0.02, b=0.02).std().item()
        ),
    ),
)
