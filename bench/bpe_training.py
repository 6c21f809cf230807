"""Times Python's `tokenizers` on a file; see bpe-training.ts."""

import hashlib
import json
import sys
import time

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

start = time.perf_counter()
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
alphabet = pre_tokenizers.ByteLevel.alphabet()
size = int(sys.argv[2])
trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=alphabet)
tokenizer.train([sys.argv[1]], trainer)
ms = 1000 * (time.perf_counter() - start)
merges = json.loads(tokenizer.to_str())["model"]["merges"]
digest = hashlib.sha256("\n".join(" ".join(pair) for pair in merges).encode()).hexdigest()
print(json.dumps({"ms": ms, "check": f"{len(merges)} merges, sha256 {digest[:12]}"}))
