"""Writes goldens/tokenizers/byte-level-bpe.json: what `tokenizers` 0.23.2 answers.

    python goldens/generate/byte-level-bpe.py > goldens/tokenizers/byte-level-bpe.json

It trains on the text below, which was written for this purpose, and then shows variants of the result
to nasty strings. Cases carry the numbers of the traps that they guard (test/tokenizers/traps.test.ts).
"""

import itertools
import json

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

LINES = [
    "The planet turns, and the little brass planet in the orrery turns with it.\n",
    "Turn the handle once: the Earth goes round the Sun in 12 seconds, the Moon in 1.\n",
    "It's small, it's exact, and you'll see that the outer planets aren't in a hurry.\n",
    "for (let i = 0; i < planets.length; i++) {\n",
    "    turn(planets[i], 360 / periods[i]);\n",
    "}\n",
    "行星转动，小小的黄铜行星也跟着转动。转动手柄，地球绕着太阳转。\n",
    "Планеты вращаются, и маленькие планеты вращаются вместе с ними.\n",
    "Los planetas giran; el pequeño planeta de latón gira también. ¡Mañana más!\n",
    "🪐🌍🌙 🪐🌍🌙 👩‍🚀👩‍🚀\n",
    "aaaaaaaaaaaaaaaa aaaaaaaa aaaa aaa bbbbbbbb\n",
    "\n",
]
VOCAB_SIZE = 340
SPECIAL = "<|end|>"


def train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE,
        min_frequency=2,
        special_tokens=[SPECIAL],
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(LINES, trainer)
    return tokenizer


def byte_level(prefix: bool, trim: bool, regex: bool = True) -> dict:
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": trim, "use_regex": regex}


def added(content: str, id: int, **flags: bool) -> dict:
    token = {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False}
    return {**token, "normalized": False, "special": False, **flags}


def small_model(merges: list[tuple[str, str]], extra: list[str], **options: object) -> dict:
    """Changes to a model over a, b, c, d, z and the blank."""
    tokens = ["a", "b", "c", "d", "z", "Ġ", *extra]
    for left, right in merges:
        if left + right not in tokens:
            tokens.append(left + right)
    vocab = {token: i for i, token in enumerate(tokens)}
    model = {"type": "BPE", "vocab": vocab, "merges": [list(pair) for pair in merges], **options}
    return {"model": model, "added_tokens": []}


NASTY = [
    "", " ", "  ", "   a", "\t", "\n\n", "a\r\nb\r\n\r\nc", "\ufeffa\ufeff", "e\u0301a\u0308",
    "👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈", "한국어 한국어", "שלום עולם", "مرحبا", "a\0b\0", "\u200b\u200d", "it's it'S IT'S 'll'x '",
    "don't you'll we've I'm he'd they're 'tis ''s", "12 345,678.90 ²½Ⅷ٣", "x=1;y==2//!?", " " * 70 + "x",
    "turn planets\u3000planets", "\U0010ffff\U000e0001", "ﬁ ſ İ ß", "นี่คือ", "हिन्दी",
]  # fmt: skip
DERIVATIONS = [("b", "c"), ("a", "b"), ("ab", "c"), ("a", "bc"), ("c", "d"), ("abc", "d"), ("ab", "cd"), ("a", "a"), ("aa", "aa"), ("aa", "a")]  # fmt: skip
FLAGGED = [
    added(SPECIAL, 0, special=True),
    added("<x>", 340),
    added("<xy>", 341),
    added("word", 342, single_word=True),
    added("[L]", 343, lstrip=True),
    added("[R]", 344, rstrip=True),
    added("[LR]", 345, lstrip=True, rstrip=True, special=True),
    added("<x>n", 346, normalized=True),
    added("norm", 347, normalized=True),
    added("é!", 348, normalized=True),
    added("Ġq", 349),
    added("  ", 350, normalized=True),
]
CASES = [
    ("1 Unicode version", {}, ["a\U00010940b", "a\u1c89b", "\U000323b0\U0002ebf0", "1\U00010d40\U00011de0 x"]),
    ("2 White_Space", {}, ["a\ufeffb", " \ufeff x", "a\u0085\u0085b", "\u0085 x", "a\u180eb", "a\u2028\u2029b", "\u00a0\u00a0x\u00a0y"]),
    ("6 spaces before a special token", {}, [f"a  {SPECIAL}  b", f"  {SPECIAL}", f"{SPECIAL}  ", "a    b", f"\n\n{SPECIAL}\n\n{SPECIAL}x"]),
    ("18 rank of the pair, several derivations", small_model(DERIVATIONS, ["zz"]),
     ["".join(letters) for n in (2, 3, 4) for letters in itertools.product("abcd", repeat=n)]),
    ("19 unreachable tokens", small_model(DERIVATIONS, ["zz", "zzz"]), ["zz", "zzz", "a zz", "zzzz"]),
    ("20 ignore_merges", small_model(DERIVATIONS, ["zz", "Ġzz"], ignore_merges=True), ["zz", "zzz", "zz zz", "abcz", "abc abcd"]),
    ("21 leftmost first", {}, ["a" * n for n in range(1, 40)] + ["abab", "babab"]),
    ("22 long pieces", small_model(DERIVATIONS, []),
     ["a" * 49, "a" * 63 + "bcd", "abcd" * 20, "dcba" * 20, "aabcabcdbcdabdaaab" * 5, "abcdabcaab" * 12]),
    ("26 merges as strings", {"model": {"merges": ["#version: 0.2", "t u", "Ġ t"], "vocab": {"t": 0, "u": 1, "Ġ": 2, "tu": 3, "Ġt": 4}, "type": "BPE"}, "added_tokens": []}, ["tu tu", " t"]),
    ("28 all bytes", {}, ["".join(map(chr, range(256))), "".join(map(chr, range(0x7C0, 0x800))), "\u0800\uffff\U00010000\U0010ffff"]),
    ("29 unknown bytes vanish", small_model(DERIVATIONS, []), ["axb", "é", "abécd"]),
    ("29 unknown bytes are unk", small_model(DERIVATIONS, ["<unk>"], unk_token="<unk>"), ["axb", "é", "abécd", "a xy"]),
    ("29 unknown bytes are one unk", small_model(DERIVATIONS, ["<unk>"], unk_token="<unk>", fuse_unk=True), ["axb", "é", "abécd", "a xy"]),
    ("31 add_prefix_space", {"pre_tokenizer": byte_level(True, True), "added_tokens": FLAGGED},
     [*NASTY, "turn", " turn", "\tturn", "a<x>b", "<x>", "<x> b", f"{SPECIAL}turn{SPECIAL}"]),
    ("31 use_regex false", {"pre_tokenizer": byte_level(False, True, False)}, [*NASTY[:20], "the planet turns"]),
    ("32 trim_offsets", {"post_processor": byte_level(False, True), "added_tokens": FLAGGED}, [*NASTY, "the planet  turns ", "a  [LR]  b", "x   "]),
    ("32 trim_offsets with a prefix", {"pre_tokenizer": byte_level(True, True), "post_processor": byte_level(True, True), "added_tokens": FLAGGED},
     [*NASTY, "the planet", " the planet", "   the", "<x>the", "a  [LR]  b"]),
    ("34 flags of added tokens", {"added_tokens": FLAGGED},
     ["a<x>b<xy>c<x>y", "word", "a word.", "words", "sword", "éword", "word\u0301", "_word_", "word-word", "1word", "a [L] b", "a  [L][L] b", "[L]",
      "a [R]  b", "[R] [R] ", "a \t[LR]\n b", " [LR] [LR] ", "<x>n", "norm<x>norm", "é!", "Ġq", "a  b", "[R]  x", "[R]   [L]", "   [L]", "    ",
      "word\u200d", "𝐰ord word𐥀", f"x{SPECIAL}word"]),
    ("41 decoding added tokens", {"added_tokens": FLAGGED}, [f"é!Ġq{SPECIAL}x[LR]y", "é! é!"]),
    ("nasty strings", {}, NASTY),
]  # fmt: skip


def apply(base: dict, changes: dict) -> Tokenizer:
    return Tokenizer.from_str(json.dumps({**base, **changes}))


def encode(tokenizer: Tokenizer, text: str) -> dict:
    result = tokenizer.encode(text, add_special_tokens=False)
    return {
        "text": text,
        "ids": result.ids,
        "tokens": result.tokens,
        "offsets": result.offsets,
        "decoded": tokenizer.decode(result.ids, skip_special_tokens=False),
        "decodedSkip": tokenizer.decode(result.ids, skip_special_tokens=True),
    }


base = train()
written = base.to_str(pretty=True)
cases = []
for name, changes, texts in CASES:
    tokenizer = apply(json.loads(written), changes)
    cases.append({"name": name, "changes": changes, "rows": [encode(tokenizer, text) for text in texts]})

plain = apply(json.loads(written), {"added_tokens": FLAGGED})
plain.encode_special_tokens = True
texts = [f"a{SPECIAL}b", f"{SPECIAL}<x>{SPECIAL}", "a [LR] b", "x word", f"  {SPECIAL}  "]
rows = [{"text": text, "ids": plain.encode(text, add_special_tokens=False).ids} for text in texts]
as_text = {"name": "39 special tokens as text", "changes": {"added_tokens": FLAGGED}, "rows": rows}

broken = [[0x80], [0xE4, 0xB8], [0xE4, 0xB8, 0x41], [0xF0, 0x9F, 0x92, 0xF0, 0x9F], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF, 0x41], [0xFF, 0xFE]]  # fmt: skip
alphabet = json.loads(written)["model"]["vocab"]
characters = {}
others = 0
for byte in range(256):
    if 0x21 <= byte <= 0x7E or (byte >= 0xA1 and byte != 0xAD):
        characters[byte] = chr(byte)
    else:
        characters[byte] = chr(256 + others)
        others += 1
ids = [[alphabet[characters[byte]] for byte in row] for row in broken]
decodes = [{"bytes": row, "ids": i, "decoded": base.decode(i)} for row, i in zip(broken, ids)]

golden = {
    "script": "goldens/generate/byte-level-bpe.py",
    "by": f"tokenizers {tokenizers.__version__}",
    "training": {"lines": LINES, "vocabSize": VOCAB_SIZE, "minFrequency": 2, "specialTokens": [SPECIAL]},
    "written": written,
    "cases": cases,
    "asText": as_text,
    "decodes": decodes,
}
print("{")
for i, (key, value) in enumerate(golden.items()):
    comma = "," if i < len(golden) - 1 else ""
    if key == "cases":
        lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in value)
        print(f' "cases": [\n{lines}\n ]{comma}')
    else:
        print(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}{comma}")
print("}")
