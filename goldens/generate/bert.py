"""Writes goldens/tokenizers/bert.json: what `tokenizers` 0.23.2 does with a small WordPiece vocabulary.

    python goldens/generate/bert.py > goldens/tokenizers/bert.json

The vocabulary is ours. `BertWordPieceTokenizer` reads it as a vocab.txt; the cases replace members of the
tokenizer.json that it writes. Cases carry the numbers of the traps that they guard.
"""

import json
import pathlib
import tempfile

import tokenizers
from tokenizers import BertWordPieceTokenizer, Tokenizer

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

WORDS = (
    "a an and be do does ##es not don ' t s ve re m n ##t is the turn ##s ##ed ##ing ##er planet planetary or ##re ##ry "
    "un ##turn ##ed ##able , . ! ? - $ ## ##. é ##é ö strasse ß ##ß σ ##σ 行 星 転 🪐 ##🪐 i ##i ##\u0307 İ ##İ ae ##c ##b ##d "
    "A B The ##A abcd ##cde x ##x ##xx ##xxxx"
).split()
LETTERS = "abcdeghilmnoprstuvy"
TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys([*WORDS, *LETTERS, *(f"##{c}" for c in LETTERS)])]
VOCAB_TXT = "\n".join(TOKENS) + "\n"

NASTY = [
    "", " ", "\t\r\n", "The planet turns, and the orrery turns.", "unturned returns", "planetary planet ary", "don't do not does n't", "Ørsted É é e\u0301 Ö",
    "ΣΑΣ Σ σ", "İstanbul I ı", "行星 turns転", "🪐 🪐🪐 a🪐", "$a-b...!? €a×b", "[CLS] a [SEP] [MASK]s [mask]", "a\0b\u200bc\ufffdd\u0301", "straße STRASSE",
    "x" * 100, "x" * 101, "🪐" * 100, "🪐" * 101, "xxxxx xxxx xxx", "abcde abcd abc", "a" * 50 + "q", "\u0085a\u00a0b\u3000c\ufeffd", "한국어", "e\ue000f \u0378",
]  # fmt: skip


def model(**changes: object) -> dict:
    return {"model": {**written["model"], **changes}}


def bert(clean: bool, chinese: bool, strip: bool | None, lower: bool) -> dict:
    names = ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
    return {"normalizer": {"type": "BertNormalizer", **dict(zip(names, (clean, chinese, strip, lower)))}}


with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "vocab.txt"

    def from_vocab(text: str, lowercase: bool = True) -> str:
        path.write_bytes(text.encode())
        return BertWordPieceTokenizer(str(path), lowercase=lowercase).to_str()

    written = json.loads(from_vocab(VOCAB_TXT))
    files = [
        {"name": name, "text": text, "lowercase": lowercase, "written": json.loads(from_vocab(text, lowercase))}
        for name, text, lowercase in [
            ("no line end at the end", "[CLS]\n[SEP]\na", True),
            ("other line ends, and spaces at the end", "[CLS]\r\n[SEP] \t\r\n a\u0085\nb\ufeff\u3000\n", False),
            ("the later of two equal lines, and an empty one", "[CLS]\n[SEP]\na\n\na \n##b\n", True),
            ("names of Object.prototype", "__proto__\nconstructor\n[CLS]\n[SEP]\n[UNK]\n[PAD]\n[MASK]\n", True),
        ]
    ]

CASES = [
    ("42 uncased", {}, NASTY),
    ("42 cased", bert(True, True, None, False), NASTY[3:16]),
    ("42 lower case with accents", bert(True, True, False, True), NASTY[7:12]),
    ("42 nothing is normalized", {"normalizer": None}, NASTY[3:16]),
    ("13 BertPreTokenizer cuts at P and at ASCII only", {"normalizer": None},
     ["a~b^c|d`e<f>g+h=i$j", "a€b×c÷d°e©f", "a„b…c¿d§e¶f·g", "a\u166db\u2e43c", "a\u0085b\ufeffc\u180ed", "\U0001e95e\U00011944"]),
    ("58 WordPiece's decoder without cleanup", {"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False}}, NASTY[3:8]),
    ("58 WordPiece's decoder with another prefix", {"decoder": {"type": "WordPiece", "prefix": "t", "cleanup": True}}, NASTY[3:8]),
    ("WordPiece with few characters a word", None, ["abcd abc ab a", "🪐🪐🪐🪐 🪐🪐🪐", "éé é"]),
    ("WordPiece without a prefix", None, ["abcd turns unturned", "##ed xx"]),
    ("WordPiece whose words start with the prefix", {"normalizer": None, "pre_tokenizer": {"type": "WhitespaceSplit"}}, ["##ed ##edx ## ##. #", "a##ed"]),
    ("WordLevel", None, ["the planet turns . planet", "行星 a", "[SEP] is unk"]),
]  # fmt: skip
LATE = {
    "WordPiece with few characters a word": model(max_input_chars_per_word=3),
    "WordPiece without a prefix": model(continuing_subword_prefix=""),
    "WordLevel": {"model": {"type": "WordLevel", "vocab": written["model"]["vocab"], "unk_token": "[UNK]"}},
}
PAIRS = [("the planet", "turns"), ("", "a"), ("a", ""), ("[SEP] a", "x" * 101)]
DECODES = [
    ["##ed", "##ing", "turn", "##ed"], ["a", ".", "b", ",", "!", "?", "$"], ["do", "n", "'", "t", "not", "."], ["'", "s", "'", "##s", "'", "'"],
    ["[CLS]", "do", "not", "[SEP]", "[PAD]"], ["##", "##.", "a", "##"], [],
]  # fmt: skip


def encode(tokenizer: Tokenizer, text: str) -> dict:
    special = tokenizer.encode(text)
    result = tokenizer.encode(text, add_special_tokens=False)
    return {
        "text": text,
        "ids": result.ids,
        "ids_special": special.ids,
        "tokens": result.tokens,
        "offsets": result.offsets,
        "decoded": tokenizer.decode(result.ids, skip_special_tokens=False),
        "decoded_skip": tokenizer.decode(special.ids),
    }


def pair(tokenizer: Tokenizer, text: str, second: str) -> dict:
    result = tokenizer.encode(text, second)
    names = {"text": text, "pair": second, "ids": result.ids, "type_ids": result.type_ids}
    return {"kind": "pair", **names, "special_mask": result.special_tokens_mask}


def decode(tokenizer: Tokenizer, tokens: list[str]) -> dict:
    ids = [tokenizer.token_to_id(token) for token in tokens]
    plain = tokenizer.decode(ids, skip_special_tokens=False)
    return {"kind": "decode", "ids": ids, "decoded": plain, "decoded_skip": tokenizer.decode(ids)}


lines = []
for name, changes, texts in CASES:
    all_changes = LATE[name] if changes is None else changes
    tokenizer = Tokenizer.from_str(json.dumps({**written, **all_changes}))
    rows = [{"kind": "encode", **encode(tokenizer, text)} for text in texts]
    rows += [pair(tokenizer, *texts) for texts in PAIRS]
    rows += [decode(tokenizer, tokens) for tokens in DECODES]
    lines.append(json.dumps({"name": name, "changes": all_changes, "rows": rows}, separators=(",", ":")))

golden = {
    "script": "goldens/generate/bert.py",
    "by": f"tokenizers {tokenizers.__version__}",
    "vocabTxt": VOCAB_TXT,
    "written": written,
    "files": files,
}
print("{")
for key, value in golden.items():
    print(f" {json.dumps(key)}: {json.dumps(value)},")
print(' "cases": [\n' + ",\n".join(lines) + "\n ]\n}")
