"""Writes goldens/nn/positions.json: ALiBi slopes, rotated channels and a sinusoid table, by torch.

    python goldens/generate/positions.py

Rotation is done with complex numbers (pair i is channels i and i + D/2), slopes by the paper's
recursion over powers of two, so that neither shares a formula with the code under test.
"""
import json
import math
import pathlib

import torch


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


torch.manual_seed(0)
x = torch.randn(5, 8, dtype=torch.float64)
golden = dict(
    madeBy=dict(script="goldens/generate/positions.py", torch=torch.__version__.split("+")[0]),
    alibiSlopes=[dict(heads=h, slopes=slopes(h)) for h in (1, 2, 3, 8, 12, 20, 64, 71)],
    rotary=dict(headDim=8, theta=500.0, tokens=5, x=x.flatten().tolist(), rotated=rotated(x, 500.0).flatten().tolist()),
    sinusoidal=dict(hiddenSize=6, tokens=50, table=[v for row in sinusoids(50, 6) for v in row]),
)
path = pathlib.Path(__file__).parent.parent / "nn" / "positions.json"
path.write_text(json.dumps(golden) + "\n")
