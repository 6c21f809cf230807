"""Writes goldens/tokenizers/character-bpe.json: what `tokenizers` 0.23.2 answers for BPE over characters.

    python goldens/generate/character-bpe.py > goldens/tokenizers/character-bpe.json

Small vocabularies, hand-made and from a seeded generator, are shown to texts over their alphabet and
beyond. Cases carry the numbers of the traps that they guard.
"""

import json
import random

import tokenizers
from tokenizers import Tokenizer

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
LETTERS = "abcé中🪐▁"
TEXTS = [
    "", "a", "ab", "abc", "ba", "aab abc", "abab", "x", "axb", "xx", "axxb", "é", "aé", "éa", "é中🪐", "中a中", "🪐🪐a", "a中\x01b", "中\x01a", "𐀀\x01\x02b",
    "\x01中中a", "a b", "abcabc cba", "▁ab▁▁abc▁", "a" * 9, "a" * 60 + "b", "abc" * 30, "abcé中🪐xab" * 8, "x" * 70 + "a",
]  # fmt: skip


def model(tokens: list[str], merges: list[tuple[str, str]], **options: object) -> dict:
    """A BPE over the tokens and what the merges make of them."""
    prefix = options.get("continuing_subword_prefix") or ""
    vocab = list(dict.fromkeys(tokens))
    for left, right in merges:
        merged = left + right[len(prefix) :]
        if merged not in vocab:
            vocab.append(merged)
    ids = {token: id for id, token in enumerate(vocab)}
    return {"type": "BPE", "vocab": ids, "merges": [list(merge) for merge in merges], **options}


def random_model(seed: int) -> dict:
    draw = random.Random(seed)
    prefix = draw.choice(["", "", "##"])
    suffix = draw.choice(["", "", "</w>"])
    letters = draw.sample(LETTERS, draw.randint(3, len(LETTERS)))
    symbols = []
    for letter in letters:
        for start in {"", prefix}:
            for end in {"", suffix}:
                symbols.append(start + letter + end)
    tokens = list(symbols)
    merges: list[tuple[str, str]] = []
    for _ in range(draw.randint(0, 14)):
        left = draw.choice([token for token in symbols if not suffix or not token.endswith(suffix)] or symbols)
        right = draw.choice([token for token in symbols if token.startswith(prefix)])
        if (left, right) in merges:
            continue
        merges.append((left, right))
        symbols.append(left + right[len(prefix) :])
    if draw.random() < 0.6:
        tokens.append("<unk>")
    fallback = draw.random() < 0.5
    if fallback:
        tokens += BYTES if draw.random() < 0.5 else draw.sample(BYTES, 200)
    return model(
        tokens,
        merges,
        unk_token="<unk>" if "<unk>" in tokens else None,
        fuse_unk=draw.random() < 0.5,
        byte_fallback=fallback,
        ignore_merges=draw.random() < 0.2,
        continuing_subword_prefix=prefix or None,
        end_of_word_suffix=suffix or None,
    )


ABC = ["a", "b", "c", "é", "中"]
CASES = [
    ("18 several derivations", model(["a", "b", "c"], [("b", "c"), ("a", "b"), ("ab", "c"), ("a", "bc"), ("a", "a"), ("aa", "a")])),
    ("20 ignore_merges", model(["a", "b", "abc", "x", "ab"], [("b", "a")], ignore_merges=True)),
    ("20 ignore_merges with a suffix", model(["a", "b", "b</w>", "ab", "ab</w>"], [], ignore_merges=True, end_of_word_suffix="</w>")),
    ("21 leftmost first", model(["a", "b"], [("a", "a"), ("b", "a"), ("aa", "aa")])),
    ("24 bytes of a character", model(["<unk>", *ABC[:3], *BYTES], [("a", "b")], byte_fallback=True, unk_token="<unk>")),
    ("24 bytes, not all of them, and unknowns out of order", model(["<unk>", "a", "b", *BYTES[:200]], [("<0x01>", "<unk>"), ("a", "b")], byte_fallback=True, unk_token="<unk>")),
    ("24 bytes, not all of them, fused", model(["<unk>", "a", "b", *BYTES[:200]], [], byte_fallback=True, unk_token="<unk>", fuse_unk=True)),
    ("24 bytes with marks", model(["<unk>", "a", "b", "##b", *BYTES], [], byte_fallback=True, unk_token="<unk>", continuing_subword_prefix="##", end_of_word_suffix="</w>")),
    ("24 unknowns vanish", model(ABC, [("a", "b")])),
    ("24 unknowns", model(["<unk>", "a", "b"], [("a", "b"), ("<unk>", "a")], unk_token="<unk>")),
    ("24 unknowns, fused", model(["<unk>", "a", "b"], [("a", "b"), ("<unk>", "a")], unk_token="<unk>", fuse_unk=True)),
    ("25 prefix", model(["a", "b", "##a", "##b", "##c"], [("a", "##b"), ("##b", "##c"), ("a", "##bc"), ("##a", "##b")], continuing_subword_prefix="##")),
    ("25 suffix", model(["a", "b", "a</w>", "b</w>"], [("a", "b</w>"), ("a", "b"), ("ab", "ab</w>")], end_of_word_suffix="</w>")),
    ("25 suffix of characters that are otherwise unknown", model(["a</w>", "é</w>", "x"], [], end_of_word_suffix="</w>")),
    ("33 cuts where nothing merges", model(list(LETTERS), [("▁", "a"), ("▁a", "b"), ("b", "c"), ("▁", "▁"), ("中", "🪐")])),
    *[(f"random {seed}", random_model(seed)) for seed in range(24)],
]  # fmt: skip


def answers(model: dict, split: bool) -> list:
    file = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "post_processor": None, "decoder": None}
    file["pre_tokenizer"] = {"type": "WhitespaceSplit"} if split else None
    tokenizer = Tokenizer.from_str(json.dumps({**file, "model": model}))
    return [answer(tokenizer.encode(text), text, model) for text in TEXTS]


def answer(result: tokenizers.Encoding, text: str, model: dict) -> list:
    # The bytes of marks shift the offsets behind them, past the end of the text: not worth imitating.
    has_marks = model.get("continuing_subword_prefix") or model.get("end_of_word_suffix")
    is_shifted = model.get("byte_fallback") and has_marks
    return [result.ids, None if is_shifted else [place for offset in result.offsets for place in offset]]


def dropout_shares(text: str, draws: int) -> dict:
    """How often each encoding of a text is drawn: the ids, joined with blanks, and the share."""
    merges = [("a", "b"), ("c", "d"), ("ab", "cd"), ("b", "c"), ("a", "bc"), ("abc", "d")]
    definition = model(list("abcd"), merges, dropout=0.3)
    file = {"version": "1.0", "added_tokens": [], "model": definition}
    tokenizer = Tokenizer.from_str(json.dumps({**file, "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None, "truncation": None, "padding": None}))
    counts: dict[str, int] = {}
    for _ in range(draws):
        key = " ".join(map(str, tokenizer.encode(text).ids))
        counts[key] = counts.get(key, 0) + 1
    shares = {key: count / draws for key, count in sorted(counts.items(), key=lambda item: -item[1]) if count >= draws / 1000}
    return {"model": definition, "text": text, "shares": shares}


print('{\n "script": "goldens/generate/character-bpe.py",')
print(f' "by": "tokenizers {tokenizers.__version__}",')
print(f' "dropout": {json.dumps(dropout_shares("abcd", 1_000_000))},')
print(f' "texts": {json.dumps(TEXTS, ensure_ascii=False)},\n "cases": [')
lines = []
for i, (name, definition) in enumerate(CASES):
    split = i % 2 == 1
    case = {"name": name, "split": split, "model": definition, "answers": answers(definition, split)}
    lines.append("  " + json.dumps(case, ensure_ascii=False, separators=(",", ":")))
print(",\n".join(lines))
print(" ]\n}")
