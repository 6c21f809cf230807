"""Writes goldens/training/adamw.json: steps of PyTorch's AdamW with clipping, in float64.

    python goldens/generate/adamw.py
"""
import json
import pathlib

import torch

settings = dict(learningRate=0.05, beta1=0.9, beta2=0.95, eps=1e-8, weightDecay=0.1, clipNorm=1.0)
start, target = [1.0, -2.0, 0.5], [0.3, 0.1, 4.0]


def run(decay):
    p = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))
    goal = torch.tensor(target, dtype=torch.float64)
    optimizer = torch.optim.AdamW(
        [p], lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]), eps=settings["eps"], weight_decay=decay
    )
    rows, norms = [], []
    for _ in range(8):
        optimizer.zero_grad()
        ((p - goal) ** 2).sum().backward()
        norms.append(torch.nn.utils.clip_grad_norm_([p], settings["clipNorm"]).item())
        optimizer.step()
        rows.append(p.tolist())
    return rows, norms


with_decay, norms = run(settings["weightDecay"])
without_decay, _ = run(0.0)
golden = dict(
    madeBy=dict(script="goldens/generate/adamw.py", torch=torch.__version__.split("+")[0]),
    settings=settings, start=start, target=target,
    withDecay=with_decay, withoutDecay=without_decay, norms=norms,
)
path = pathlib.Path(__file__).parent.parent / "training" / "adamw.json"
path.write_text(json.dumps(golden, indent=1) + "\n")
