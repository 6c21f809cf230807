"""Writes goldens/tokenizers/split-patterns.json: where `tokenizers` 0.23.2 cuts with published patterns.

    python goldens/generate/split-patterns.py > goldens/tokenizers/split-patterns.json

For each pattern the ends of the pieces, in code points, of some strings that were made of nasty parts
by a seeded generator; and for all code points of the planes that have any, 4096 at a time in several
contexts, a digest of the numbers of pieces.
"""

import hashlib
import json
import random

import tokenizers
from tokenizers import Regex, pre_tokenizers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SYMBOLS = r" ?[^\s\p{L}\p{N}]+"
SPACES = r"\s+(?!\S)|\s+"
LINES = rf"\s*[\r\n]+|{SPACES}"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def cl100k(digits: str) -> str:
    return rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{digits}|{SYMBOLS}[\r\n]*|{LINES}"


def o200k(digits: str, contraction: str) -> str:
    start = r"[^\r\n\p{L}\p{N}]?"
    words = f"{start}{UPPER}*{LOWER}+{contraction}|{start}{UPPER}+{LOWER}*{contraction}"
    return rf"{words}|{digits}|{SYMBOLS}[\r\n/]*|{LINES}"


PATTERNS = {
    "gpt2": rf"'s|'t|'re|'ve|'m|'ll|'d| ?\p{{L}}+| ?\p{{N}}+|{SYMBOLS}|{SPACES}",
    "cl100k": cl100k(r"\p{N}{1,3}"),
    "qwen2": cl100k(r"\p{N}"),
    "qwen3.5": rf"{CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}"
    rf"| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{LINES}",
    "o200k": o200k(r"\p{N}{1,3}", f"{CONTRACTIONS}?"),
    "tekken": o200k(r"\p{N}", ""),
}
PARTS = (
    [" ", " ", "  ", "\n", "\r", "\r\n", "\t", "\x85", "\u00a0", "\u2028", "\u3000", "\ufeff"]
    + ["'", "'s", "'S", "'ſ", "'ll", "'RE", "'Ve", "'t", "'m", "'d", "l", "ſ"]
    + ["a", "b", "A", "B", "s", "É", "é", "ß", "İ", "ǅ", "ʰ", "ª", "中", "行", "한", "क", "ก"]
    + ["\u0301", "\u0308", "\u20dd", "\u0e31", "🚀", "\u200d", "\ufe0f", "𐐀", "𐐨", "\U00010940"]
    + ["1", "2", "²", "½", "٣", "Ⅷ", "!", "/", "//", "(", '"', "-", "_", "$", "€", "\0"]
)
BLOCK = 4096
STARTS = [*range(0, 0x32000, BLOCK), 0xE0000, 0x10F000]


def contexts(code_point: int) -> str:
    c = chr(code_point)
    return f" a{c}B {c}'s{c}1{c}!\n{c}{c} /{c}"


rng = random.Random(16)
texts = ["".join(rng.choices(PARTS, k=rng.randint(2, 16))) for _ in range(150)]
blocks = [
    "".join(contexts(c) for c in range(start, start + BLOCK) if not 0xD800 <= c < 0xE000)
    for start in STARTS
]
patterns = []
for name, pattern in PATTERNS.items():
    split = pre_tokenizers.Split(Regex(pattern), "isolated")
    counts = [len(split.pre_tokenize_str(block)) for block in blocks]
    patterns.append({
        "name": name,
        "pattern": pattern,
        "ends": [[end for _, (_, end) in split.pre_tokenize_str(text)] for text in texts],
        "digest": hashlib.sha256(",".join(map(str, counts)).encode()).hexdigest(),
    })
golden = {
    "generator": f"goldens/generate/split-patterns.py, tokenizers {tokenizers.__version__}",
    "texts": texts,
    "patterns": patterns,
}
print(json.dumps(golden, ensure_ascii=False))
