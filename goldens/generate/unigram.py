"""Writes goldens/tokenizers/unigram.json: what Unigram and Precompiled of `tokenizers` 0.23.2 answer.

    python goldens/generate/unigram.py > goldens/tokenizers/unigram.json

The rules of Precompiled are those of goldens/generate/sentencepiece-models.py, compiled by
`sentencepiece`; they are read from the golden that it wrote.
"""

import base64
import gzip
import json
import pathlib

import tokenizers
from tokenizers import Tokenizer

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__


def field(message: bytes, wanted: int) -> bytes:
    """The bytes of a field of a Protocol Buffers message."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            value |= (byte & 127) << shift
            at, shift = at + 1, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        length = varint() if tag & 7 == 2 else 0
        value = message[at : at + length]
        if tag >> 3 == wanted:
            return value
        at += length
        if tag & 7 == 0:
            varint()
        at += {1: 8, 5: 4}.get(tag & 7, 0)
    raise ValueError(wanted)


written = pathlib.Path(__file__).parent.parent / "tokenizers" / "sentencepiece-models.json"
packed = json.loads(written.read_text("utf8"))["cases"][0]["model"]
charsmap = field(field(gzip.decompress(base64.b64decode(packed)), 3), 2)

VOCAB = [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["ab", -2.5], ["aa", -2.0], ["▁", -1.5], ["FI", -3.0], ["aba", -4.25]]
BYTES = [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
UNIGRAM = {"type": "Unigram", "unk_id": 0, "vocab": VOCAB, "byte_fallback": False}
PRECOMPILED = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()}
BY_CHARACTER = {"type": "FixedLength", "length": 1}

TEXTS = ["", "a", "ab", "aaba", "aaa", "abaab", "☃", "a☃☃b", "<unk>", "a<unk>☃", "<0x41>A", "行星a", "x" * 20, "\ufeffa"]
CLUSTERS = [
    "fi fin ﬁn",
    "é e\u0301",
    "é\u0301\u0301 Ａ\u0301 Ａ\u0301\u0301\u0301",
    "\u200b\u200ba\u200bb\u200b",
    "a\u3000b\u3000\u0301",
    "…\u0301and…",
    "\u0600Ａ \u0600é\u0301",
    "\U000e0001…\u0301 \U0001d173…\u0301 \U00013430é\u0301",
    "\r\n\t\r\n",
    "Ａ\u200dＡ 👩\u200d👩\u200dé 👩\u200dＡ",
    "각\u1100\u1161é",
    "क्षＡ\u094dé",
    "🇩🇪é",
]


def answers(json_of_tokenizer: dict, texts: list[str]) -> list[dict]:
    tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], **json_of_tokenizer}))
    result = []
    for text in texts:
        encoding = tokenizer.encode(text)
        result.append({"text": text, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets})
    return result


CASES = {
    "60 61 plain": ({"model": UNIGRAM}, TEXTS),
    "61 63 bytes": ({"model": {**UNIGRAM, "byte_fallback": True, "vocab": VOCAB + BYTES}}, TEXTS),
    "61 63 not all bytes": ({"model": {**UNIGRAM, "byte_fallback": True, "vocab": VOCAB + BYTES[:0x90]}}, TEXTS),
    "a token that stands twice": ({"model": {**UNIGRAM, "vocab": [*VOCAB, ["a", -9.0], ["", -1.0]]}}, TEXTS),
    "46 grapheme clusters": ({"model": UNIGRAM, "normalizer": PRECOMPILED, "pre_tokenizer": BY_CHARACTER}, CLUSTERS + TEXTS),
}
parts = []
for name, (changes, texts) in CASES.items():
    whole = {"normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None, **changes}
    parts.append({"name": name, "json": whole, "rows": answers(whole, texts)})
print(json.dumps({"tokenizers": tokenizers.__version__, "cases": parts}, ensure_ascii=False, separators=(",", ":")))
