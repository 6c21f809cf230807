"""Writes goldens/nn/positions.json, by torch and transformers: ALiBi slopes, rotated channels and a
sinusoid table by formulas; T5's buckets, BLOOM's ALiBi with padding, XLNet's shift and the rotations
of Llama and GLM by transformers' own functions; xPos as its authors' torchscale computes it.

    python goldens/generate/positions.py

Rotation is done with complex numbers (pair i is channels i and i + D/2), slopes by the paper's
recursion over powers of two, so that neither shares a formula with the code under test.
"""
import json
import math
import pathlib

import torch
import transformers
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.glm import modeling_glm
from transformers.models.llama import modeling_llama
from transformers.models.t5.modeling_t5 import T5Attention
from transformers.models.xlnet.modeling_xlnet import XLNetRelativeAttention


def slopes(heads):
    def power_of_two(n):
        start = 2.0 ** (-(2.0 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]

    if math.log2(heads).is_integer():
        return power_of_two(heads)
    closest = 2 ** math.floor(math.log2(heads))
    return power_of_two(closest) + slopes(2 * closest)[0::2][: heads - closest]


def rotated(x, theta):
    tokens, dim = x.shape
    pairs = torch.complex(x[:, : dim // 2], x[:, dim // 2 :])
    frequencies = theta ** (-2 * torch.arange(dim // 2, dtype=torch.float64) / dim)
    angles = torch.outer(torch.arange(tokens, dtype=torch.float64), frequencies)
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], dim=-1)


def sinusoids(tokens, width):
    return [
        [(math.sin if c % 2 == 0 else math.cos)(t / 10000 ** (2 * (c // 2) / width)) for c in range(width)]
        for t in range(tokens)
    ]


def t5_buckets(num_buckets, max_distance, bidirectional):
    offsets = torch.arange(-150, 151)
    buckets = T5Attention._relative_position_bucket(offsets, bidirectional, num_buckets, max_distance)
    return dict(
        buckets=num_buckets,
        maxDistance=max_distance,
        isBidirectional=bidirectional,
        first=-150,
        expected=buckets.tolist(),
    )


def bloom_alibi(heads):
    mask = torch.tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 1, 1, 0, 0]])
    rows = build_alibi_tensor(mask, heads, torch.float32).reshape(3, heads, 5)
    return dict(heads=heads, mask=mask.tolist(), alibi=[float(f"{v:.8g}") for v in rows.flatten().tolist()])


def xlnet_shift(queries, keys):
    """Columns are distances keys, keys - 1, ... 1 - queries."""
    rows = torch.randint(-99, 100, (queries, keys + queries))
    shifted = XLNetRelativeAttention.rel_shift(rows[:, :, None, None], keys)[:, :, 0, 0]
    return dict(keys=keys, rows=rows.tolist(), shifted=shifted.tolist())


def rotated_by(module, width, rotary):
    """[tokens, width], turned by a module of transformers."""
    values = torch.randn(1, 1, 6, width, dtype=torch.float64)
    frequencies = 10000.0 ** (-2 * torch.arange(rotary // 2, dtype=torch.float64) / rotary)
    angles = torch.outer(torch.arange(6, dtype=torch.float64), frequencies)
    twice = torch.cat([angles, angles], dim=-1)[None]
    turned, _ = module.apply_rotary_pos_emb(values, values, twice.cos(), twice.sin())
    return dict(headDim=width, rotaryDim=rotary, tokens=6, x=values.flatten().tolist(), rotated=turned.flatten().tolist())


def xpos_scores(tokens, width, base=512):
    """As torchscale: scales are centered on the middle of the text, pairs are neighbors."""
    scale = (torch.arange(0, width, 2, dtype=torch.float64) + 0.4 * width) / (1.4 * width)
    first = -(tokens // 2)
    powers = scale ** (torch.arange(first, first + tokens, dtype=torch.float64) / base)[:, None]
    frequencies = 1.0 / 10000 ** (torch.arange(width // 2, dtype=torch.float64) / (width // 2))
    angles = torch.outer(torch.arange(tokens, dtype=torch.float64), frequencies)
    queries, keys = torch.randn(2, tokens, width, dtype=torch.float64)

    def turn(values, factor):
        cosine, sine = [(wave * factor).repeat_interleave(2, dim=-1) for wave in (angles.cos(), angles.sin())]
        other = torch.stack([-values[:, 1::2], values[:, ::2]], dim=-1).flatten(-2)
        return values * cosine + other * sine

    scores = turn(queries, powers) @ turn(keys, 1 / powers).T
    return dict(
        headDim=width,
        tokens=tokens,
        scaleBase=base,
        queries=queries.flatten().tolist(),
        keys=keys.flatten().tolist(),
        scores=scores.flatten().tolist(),
    )


torch.manual_seed(0)
x = torch.randn(5, 8, dtype=torch.float64)
golden = dict(
    madeBy=dict(script="goldens/generate/positions.py", torch=torch.__version__.split("+")[0], transformers=transformers.__version__),
    alibiSlopes=[dict(heads=h, slopes=slopes(h)) for h in (1, 2, 3, 8, 12, 20, 64, 71)],
    rotary=dict(headDim=8, theta=500.0, tokens=5, x=x.flatten().tolist(), rotated=rotated(x, 500.0).flatten().tolist()),
    sinusoidal=dict(hiddenSize=6, tokens=50, table=[v for row in sinusoids(50, 6) for v in row]),
    t5Buckets=[
        t5_buckets(n, d, both) for n, d in ((32, 128), (16, 50), (12, 100)) for both in (True, False)
    ],
    bloomAlibi=[bloom_alibi(heads) for heads in (8, 12, 40, 112)],
    xlnetShift=[xlnet_shift(4, 4), xlnet_shift(3, 7)],
    llamaRotary=rotated_by(modeling_llama, 8, 8),
    glmRotary=rotated_by(modeling_glm, 8, 4),
    xpos=[xpos_scores(7, 8), xpos_scores(6, 4, 5)],
)
path = pathlib.Path(__file__).parent.parent / "nn" / "positions.json"
path.write_text(json.dumps(golden) + "\n")
