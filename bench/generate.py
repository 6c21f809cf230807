"""Times transformers' generate; see generate.ts. With --make, writes the checkpoint and ends.

Reads a line of JSON for each text to write, {"tokens": 32, "prompt": 16}, and answers with {"ms": …, "ids": […]}.
"""

import json
import sys
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

folder = sys.argv[1]
torch.manual_seed(0)
torch.set_num_threads(2)
if "--make" in sys.argv:
    # Wide enough that no two tokens are equally likely.
    GPT2LMHeadModel(GPT2Config(initializer_range=0.2)).save_pretrained(folder)
    raise SystemExit
model = GPT2LMHeadModel.from_pretrained(folder).eval()
model.generation_config.eos_token_id = None
model.generation_config.pad_token_id = 0

for line in sys.stdin:
    sizes = json.loads(line)
    prompt = torch.tensor([[(7919 * i) % 50257 for i in range(sizes["prompt"])]])
    with torch.inference_mode():
        start = time.perf_counter()
        ids = model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=sizes["tokens"],
            do_sample=False,
        )
        ms = 1000 * (time.perf_counter() - start)
    print(json.dumps({"ms": ms, "ids": ids[0, sizes["prompt"] :].tolist()}), flush=True)
