"""Times SentencePiece on a file; see unigram-training.ts."""

import hashlib
import io
import json
import sys
import time

from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

path, size, threads = sys.argv[1:4]
options = {} if threads == "default" else {"num_threads": int(threads)}
model = io.BytesIO()
start = time.perf_counter()
SentencePieceTrainer.train(
    input=path,
    model_writer=model,
    model_type="unigram",
    vocab_size=int(size),
    minloglevel=2,
    **options,
)
ms = 1000 * (time.perf_counter() - start)
processor = SentencePieceProcessor(model_proto=model.getvalue())
pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
digest = hashlib.sha256("\n".join(pieces).encode()).hexdigest()
print(json.dumps({"ms": ms, "check": f"{len(pieces)} pieces, sha256 {digest[:12]}"}))
