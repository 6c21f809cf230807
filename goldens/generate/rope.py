"""Writes goldens/nn/rope.json: frequencies and attention factors of every RoPE scaling, by transformers.

    python goldens/generate/rope.py

The reference computes in float32. Numbers are those of `ROPE_INIT_FUNCTIONS` for a Llama config;
the static NTK base, which it does not know, is bloc97's formula in float64.
"""
import json
import pathlib

import torch
import transformers
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

CASES = [
    dict(rope_type="linear", factor=4.0),
    dict(rope_type="dynamic", factor=2.0, lengths=[1, 64, 65, 100, 1000]),
    dict(rope_type="dynamic", factor=4.0, rope_theta=500000.0, lengths=[64, 200]),
    dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=16),
    dict(rope_type="yarn", factor=32.0, original_max_position_embeddings=4096, rope_theta=150000.0, truncate=False),
    dict(rope_type="yarn", factor=40.0, original_max_position_embeddings=4096, mscale=0.707, mscale_all_dim=1.0),
    dict(rope_type="yarn", factor=8.0, original_max_position_embeddings=2048, beta_fast=16.0, beta_slow=2.0, attention_factor=1.5),
    dict(rope_type="yarn", factor=1.0, original_max_position_embeddings=64),
    dict(rope_type="longrope", factor=4.0, original_max_position_embeddings=16, lengths=[1, 16, 17, 64],
         short_factor=[1 + i / 16 for i in range(16)], long_factor=[1 + i for i in range(16)]),
    dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192, rope_theta=500000.0),
    dict(rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64),
    dict(rope_type="proportional", partial_rotary_factor=0.25),
    dict(rope_type="proportional", partial_rotary_factor=0.3, factor=2.0),
]
HEAD_DIM, MAX = 32, 64


def row(case):
    parameters = {"rope_theta": 10000.0, **{k: v for k, v in case.items() if k != "lengths"}}
    config = transformers.LlamaConfig(
        hidden_size=2 * HEAD_DIM, num_attention_heads=2, max_position_embeddings=MAX, rope_parameters=dict(parameters)
    )
    results = []
    for length in case.get("lengths", [1]):
        frequencies, factor = ROPE_INIT_FUNCTIONS[case["rope_type"]](config, "cpu", seq_len=length)
        results.append(dict(length=length, frequencies=frequencies.tolist(), attentionFactor=float(factor)))
    return dict(parameters=parameters, results=results)


golden = dict(
    madeBy=dict(script="goldens/generate/rope.py", torch=torch.__version__.split("+")[0], transformers=transformers.__version__),
    headDim=HEAD_DIM,
    maxPositions=MAX,
    cases=[row(case) for case in CASES],
)
path = pathlib.Path(__file__).parent.parent / "nn" / "rope.json"
path.write_text(json.dumps(golden) + "\n")
