"""Times a Python library on documents; see tokenizer-encoding.ts.

    python tokenizer_encoding.py LIBRARY TOKENIZER_FILE TEXT PASSES

One thread. Like the other contenders it prints the time of the last passes (the median) and a digest of
the ids.
"""

import base64
import hashlib
import json
import os
import statistics
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
library, file, text_file, passes = sys.argv[1:]

if library == "tiktoken":
    import tiktoken

    lines = open(file, "rb").read().split(b"\n")
    ranks = {base64.b64decode(t): int(r) for t, r in (line.split() for line in lines if line)}
    # As tiktoken spells it: the fastest form for that library.
    pattern = (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    )
    encoding = tiktoken.Encoding("cl100k", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    encode = encoding.encode_ordinary
elif library == "tokenizers":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(file)
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids  # noqa: E731
else:
    import sentencepiece

    encode = sentencepiece.SentencePieceProcessor(model_file=file).encode

documents = json.load(open(text_file, encoding="utf-8"))
times = []
for _ in range(int(passes)):
    start = time.perf_counter()
    ids = [encode(document) for document in documents]
    times.append(1000 * (time.perf_counter() - start))
digest = hashlib.sha256()
for row in ids:
    digest.update(b"".join(i.to_bytes(4, "little") for i in row))
check = f"{sum(map(len, ids))} ids, sha256 {digest.hexdigest()[:12]}"
print(json.dumps({"ms": statistics.median(times[-3:]), "check": check}))
