"""Writes goldens/tokenizers/normalizers.json: what `tokenizers` 0.23.2 makes of nasty strings.

    python goldens/generate/normalizers.py > goldens/tokenizers/normalizers.json

Each normalizer stands before a pre-tokenizer that cuts between all characters and a vocabulary of
those characters: so the tokens are the normalized text, and each has its own offsets. Cases carry the
numbers of the traps that they guard.

"digests" are SHA-256 of what becomes of code points by themselves, all that are assigned, and of long random strings of
marks and of what they join.
"""

import hashlib
import json
from collections.abc import Callable, Iterator

import tokenizers
from tokenizers import Tokenizer, pre_tokenizers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

ADDED = "<x>"
NASTY = [
    "", " ", " \t\n", "Plain ASCII,\tTwo\r\nLines!", "  both ends  ", "\u00a0\u3000wide\u2003\u0085", "\ufeffa\ufeff",
    "ΟΔΥΣΣΕΥΣ Σ ΑΣ.", "İIıi ſS ẞß ǅ K Å", "Crème brûlée, Ångström, naïve", "e\u0301 a\u0308\u0301 o\u0302\u0323 q\u0307\u0323 q\u0323\u0307",
    "\u0301a", "\u0344\u0345\u0334x", "ﬁ ﬀ ﷺ ㌀ ½ ² ① Ⅷ ﾊﾟ", "한국어 각 \u1112\u1161\u11ab", "が か\u3099 ガ ｶﾞ", "क़ \u0915\u093c ড় \u09c7\u09be",
    "שּׁ שָׁ", "中文 mixed日本語,和", "a\0b\u0001\u0008\u000b\u001f\u007f\u0080\u009f\ufffdc", "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060\u00ad",
    "👩‍🚀 🏳️‍🌈", "\ue000\U000f0000\U0010fffd", "▁a▁▁b", "ｆｕｌｌ　ｗｉｄｔｈ！", "𝐀𝔄𝟘 𝅗𝅥", "\u0f73\u0f75\u0f81", "ΐ ΰ \u1fee\u0385", "aa aaa aaaa",
    f"a{ADDED}b {ADDED} É{ADDED}",
]  # fmt: skip
LATER = [
    # Marks, letters and compositions that Unicode 9.0 does not have, beside those that it has.
    "\u32ff \ua7f2 \uab69 \U0001f16c \U0001fbf1", "e\u1ac7\u0323\u0301", "a\u0897\u0301\u0323", "\U000105d2\u0307 \U000105c9",
    "\U00011935\U00011930 \U00011938", "\U00016121\U0001611e", "\U0001df00\u0301e\u0301\U0001df00", "\u0378\u0301 \U000e1000\u0301",
]  # fmt: skip


def bert(clean: bool, chinese: bool, strip: bool | None, lower: bool) -> dict:
    return {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": strip, "lowercase": lower}


def replace(pattern: dict, content: str) -> dict:
    return {"type": "Replace", "pattern": pattern, "content": content}


def sequence(*normalizers: dict) -> dict:
    return {"type": "Sequence", "normalizers": list(normalizers)}


LOWER = {"type": "Lowercase"}
CASES = [
    ("42 BERT, uncased", bert(True, True, None, True), NASTY),
    ("42 BERT, cased", bert(True, True, None, False), NASTY),
    ("42 BERT, lower case with accents", bert(True, True, False, True), ["É Ç ñ İ Σ", "e\u0301", "中Éx"]),
    ("42 BERT, capitals without accents", bert(True, True, True, False), ["É Ç ñ İ Σ", "e\u0301", "Ø ł", "ᄒ각"]),
    ("42 BERT, nothing", bert(False, False, None, False), NASTY[:8]),
    ("43 BERT keeps unassigned characters and later marks", bert(True, False, True, False),
     ["\u0378\u0530\U000e1000", "a\u1df6b\u08e3c\U0001e000d", "\u061c\u180e\u08e2\U000110bd\U000110cd\U00013430", "\ufdd0\uffff\U0010ffff", "\u1734\U0001171e"]),
    ("44 BERT's Chinese characters", bert(False, True, False, False),
     ["x\u33ffy\u3400\u4dbf\u4dc0", "\u4e00\u9fff\ua000", "\uf8ff\uf900\ufaff\ufb00", "\U0001ffff\U00020000\U0002a6df\U0002a6e0",
      "\U0002a700\U0002b81f\U0002b820\U0002b91f\U0002b920\U0002ceaf\U0002ceb0", "\U0002f800\U0002fa1f\U0002fa20\U00030000"]),
    ("45 Lowercase, character by character", LOWER, [*NASTY[6:10], "\u1c89\ua7cb\ua7ce\U00010d50\U00016ea0\U0001e900", "ᲐᏣ", "Ωℵ"]),
    ("48 Nmt is no Unicode form", {"type": "Nmt"}, NASTY),
    *[(f"52 {form} of Unicode 9.0", {"type": form}, [*NASTY, *LATER]) for form in ("NFC", "NFD", "NFKC", "NFKD")],
    ("52 StripAccents, marks of Unicode 9.0", {"type": "StripAccents"}, [*NASTY[8:18], *LATER, "\u1df6\u20dd\u0903\u1cf2"]),
    ("53 Strip", {"type": "Strip", "strip_left": True, "strip_right": True}, [*NASTY[:7], "\u200b x \u200b", f" {ADDED} a "]),
    ("53 Strip the left", {"type": "Strip", "strip_left": True, "strip_right": False}, NASTY[:7]),
    ("53 Strip the right", {"type": "Strip", "strip_left": False, "strip_right": True}, NASTY[:7]),
    ("53 Prepend", {"type": "Prepend", "prepend": "▁é"}, ["", " ", "a", "🪐b", *NASTY[-1:]]),
    ("53 Replace a text", replace({"String": "aa"}, "é$1"), NASTY[-4:]),
    ("53 Replace a text that means something in a pattern", replace({"String": "."}, "🪐"), ["a.b", "..", "🪐.🪐"]),
    ("53 Replace by nothing", replace({"String": " "}, ""), ["", " ", " a  b ", "🪐 🪐"]),
    ("53 Replace the empty text", replace({"String": ""}, "-"), ["", "ab", "🪐", *NASTY[-1:]]),
    ("53 Replace a pattern", replace({"Regex": " {2,}|[é\\s]+$"}, "_"), ["a  b   c", "x é", "  ", "🪐  🪐"]),
    ("53 Replace where a pattern matches nothing", replace({"Regex": "^|(?=b)"}, "_"), ["ab", "bb", f"a{ADDED}ab"]),
    ("28 ByteLevel", {"type": "ByteLevel"}, NASTY),
    ("Sequence of none", sequence(), NASTY[3:4]),
    ("Sequence, one after the other", sequence({"type": "NFD"}, {"type": "StripAccents"}, LOWER, {"type": "Prepend", "prepend": "▁"}), NASTY),
    ("Sequence, offsets through all of it",
     sequence(replace({"String": "a"}, "ab"), {"type": "NFKC"}, {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "ByteLevel"}), NASTY),
]  # fmt: skip


def added(id: int) -> dict:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": id, "content": ADDED, **flags}


def document(normalizer: dict | None, characters: list[str]) -> dict:
    vocab = {token: i for i, token in enumerate(["[UNK]", *characters])}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [added(len(vocab))],
        "normalizer": normalizer,
        "pre_tokenizer": {"type": "FixedLength", "length": 1},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"},
    }


def load(normalizer: dict, characters: list[str]) -> Tokenizer:
    return Tokenizer.from_str(json.dumps(document(normalizer, characters)))


def row(tokenizer: Tokenizer, text: str) -> dict:
    encoding = tokenizer.encode(text)
    return {"text": text, "tokens": encoding.tokens, "offsets": encoding.offsets}


# Blocks with marks, and with what marks join, in about equal parts: first and last code point.
BLOCKS = [(0x20, 0x7F), (0xC0, 0x17F), (0x300, 0x36F), (0x370, 0x3FF), (0x591, 0x5F4), (0x610, 0x6ED), (0x890, 0x9FE), (0xB3C, 0xBD7),
          (0xD3E, 0xDDF), (0xE38, 0xE4B), (0xF35, 0xFC6), (0x1025, 0x103A), (0x1100, 0x11FF), (0x1AB0, 0x1AFF), (0x1B05, 0x1B44),
          (0x1D2C, 0x1DFF), (0x1E00, 0x1FFF), (0x20D0, 0x20FF), (0x302A, 0x309A), (0xA7F0, 0xA8F1), (0xAC00, 0xAC3F), (0xFB00, 0xFB4F),
          (0x105C0, 0x105EF), (0x10EFA, 0x10F85), (0x11070, 0x11134), (0x11340, 0x113D2), (0x11930, 0x11943), (0x1611E, 0x1612F),
          (0x1D157, 0x1D1AD), (0x1E000, 0x1E02A), (0x1E6E0, 0x1E6FF)]  # fmt: skip


def code_points(separator: str) -> Iterator[str]:
    for start in range(0, 0x110000, 0x800):
        # Of the planes that nothing is assigned in, the first characters; and no surrogates.
        if (start < 0x34000 and start != 0xD800) or start % 0x10000 < 0x1000:
            yield separator.join(map(chr, range(start, start + 0x800)))


def random_texts() -> Iterator[str]:
    state = 1
    for _ in range(500):
        text = ""
        for _ in range(200):
            state = (state * 1664525 + 1013904223) % 2**32
            first, last = BLOCKS[(state >> 8) % len(BLOCKS)]
            state = (state * 1664525 + 1013904223) % 2**32
            text += chr(first + (state >> 8) % (last - first + 1))
        yield text


def digest(texts: Iterator[str]) -> str:
    sha = hashlib.sha256()
    for text in texts:
        sha.update(text.encode())
    return sha.hexdigest()


characters: set[str] = set()
for _, normalizer, texts in CASES:
    plain = load(normalizer, []).normalizer
    for text in texts:
        for part in text.split(ADDED):
            characters.update(plain.normalize_str(part))
# Two are left out, to see what becomes of an unknown one.
alphabet = sorted(characters - {"#", "\U0001fbf1"})

golden = {
    "script": "goldens/generate/normalizers.py",
    "by": f"tokenizers {tokenizers.__version__}",
    "file": document(None, alphabet),
}
print("{")
for key, value in golden.items():
    print(f" {json.dumps(key)}: {json.dumps(value)},")
lines = []
for name, normalizer, texts in CASES:
    tokenizer = load(normalizer, alphabet)
    rows = [row(tokenizer, text) for text in texts]
    lines.append(json.dumps({"name": name, "normalizer": normalizer, "rows": rows}, separators=(",", ":")))
print(' "cases": [\n' + ",\n".join(lines) + "\n ],")

DIGESTS = [
    *[{"type": form} for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt")],
    bert(True, True, None, True),
    bert(True, False, False, False),
]
lines = []


def add_digests(normalize: Callable[[str], str], separator: str, changes: dict) -> None:
    every, random = (digest(map(normalize, texts)) for texts in (code_points(separator), random_texts()))
    lines.append(json.dumps({"changes": changes, "separator": separator, "every": every, "random": random}))


for normalizer in DIGESTS:
    add_digests(load(normalizer, []).normalizer.normalize_str, " ", {"normalizer": normalizer})
# The blanks that ByteLevel puts before each piece show the cuts.
split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
steps = [{"type": "BertPreTokenizer"}, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": False}]
add_digests(
    lambda text: "".join(f" {piece}" for piece, _ in split(text)),
    "x",
    {"pre_tokenizer": {"type": "Sequence", "pretokenizers": steps}},
)
print(f' "blocks": {json.dumps(BLOCKS)},')
print(' "digests": [\n' + ",\n".join(lines) + "\n ]")
print("}")
