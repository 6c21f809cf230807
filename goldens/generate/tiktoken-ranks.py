"""Writes goldens/tokenizers/tiktoken.json: what `tiktoken` 0.14.0 answers.

    python goldens/generate/tiktoken-ranks.py > goldens/tokenizers/tiktoken.json

A rank file is trained on the text below, which was written for this purpose, by tiktoken's educational
trainer, and run with the patterns of OpenAI's encodings, spelled as that version has them. The patterns
of other models are run by `tokenizers` 0.23.2, spelled as their tokenizer.json has them.
Cases carry the numbers of the traps that they guard.
"""

import base64
import contextlib
import importlib.metadata
import io
import json
import random

import tiktoken
import tokenizers
from tiktoken._educational import SimpleBytePairEncoding
from tiktoken_ext import openai_public
from tokenizers import Regex, pre_tokenizers

VERSION = importlib.metadata.version("tiktoken")
assert VERSION == "0.14.0", VERSION
assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

TEXT = (
    "The planet turns, and the little brass planet in the orrery turns with it.\n"
    "Turn the handle once: the Earth goes round the Sun in 12 seconds, the Moon in 1.\n"
    "It's small, it's exact, and you'll see that the outer planets aren't in a hurry.\n"
    "for (let i = 0; i < planets.length; i++) {\n    turn(planets[i], 360 / periods[i]);\n}\n\n"
    "行星转动，小小的黄铜行星也跟着转动。转动手柄，地球绕着太阳转。\n"
    "Планеты вращаются, и маленькие планеты вращаются вместе с ними.\n"
    "🪐🌍🌙 🪐🌍🌙 aaaaaaaaaaaaaaaa aaaaaaaa aaaa aaa\n"
) * 2  # fmt: skip
SPECIAL = {"<|end|>": 600, "<|pad|>": 601, "<|start|>": 610}
TEXTS = [
    "", " ", "  ", "   a", "\t", "\n\n", "a\r\nb\r\n\r\nc", "a \n b  \n\n  c", "  \n", "\n  ", " \n \n x", "\ufeffa\ufeff", "e\u0301a\u0308", "a\u0085b \u0085 c", "\u200b\u200d", "\u3000\u3000x\u00a0y",
    "👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈", "한국어 한국어", "שלום עולם", "مرحبا", "हिन्दी", "นี่คือ", "a\0b\0", "\U0010ffff\U000e0001", "ﬁ İ ß", "\u01c5\u02b0\u00aa\u05d0",
    "it's it'S IT'S 'll'x '", "'ſ'T 'VE’s", "don't you'll WE'VE I'M he'd they'RE 'tis ''s", "helloWorld HTTPServer aBC ABc", "12 345,678.90 ²½Ⅷ٣ 1234567", "x=1;y==2//!? // /\n/",
    "!!!\r\n\r\n???\n", " " * 70 + "x", "a" * 47, "a" * 48, "a" * 49, "a" * 200, "ab" * 100, "planet" * 30, "行星转动" * 20, "🪐" * 20,
    "the planet turns", "行星转动，小小的", "Планеты вращаются", "🪐🌍🌙", "<|end|>", "a<|end|>b", "  <|end|>  ", "<|end|>!<|start|><|pad|>", "<|end", "\n<|start|>\n", "zqzq turns rns", "qjx", "qjx qjxqjx\nqjx", "zqzq turns rns", "qjx", "qjx qjxqjx\nqjx", TEXT[:120],
]  # fmt: skip


def split(*patterns: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns])


GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
OTHERS = {
    "llama3": split(r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""),
    "qwen2": split(r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""),
    "tekken": split(r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"""),
    "deepseek-v3": split(
        r"""\p{N}{1,3}""",
        "[一-龥぀-ゟ゠-ヿ]+",
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    ),
    "starcoder": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), split(GPT2)]),
}  # fmt: skip


def train() -> dict[bytes, int]:
    with contextlib.redirect_stdout(io.StringIO()):
        trained = SimpleBytePairEncoding.train(TEXT, vocab_size=480, pat_str=pattern_of("cl100k_base"))
    return trained.mergeable_ranks


def pattern_of(constructor: str) -> str:
    """The pattern of an encoding, without its ranks, which would be fetched."""
    openai_public.load_tiktoken_bpe = lambda *_, **__: {}
    openai_public.data_gym_to_mergeable_bpe_ranks = lambda *_, **__: {}
    return openai_public.ENCODING_CONSTRUCTORS[constructor]()["pat_str"]


ranks = train()
# Tokens that training did not make (the last has no parts, so only whole pieces give it), and a gap between ranks.
for token in (b"rns", b"zq", b"qjx"):
    assert token not in ranks
    ranks[token] = max(ranks.values()) + 2


def encoding(pattern: str) -> tiktoken.Encoding:
    return tiktoken.Encoding("golden", pat_str=pattern, mergeable_ranks=ranks, special_tokens=SPECIAL)


def answer(model: tiktoken.Encoding, text: str) -> dict:
    ids = model.encode_ordinary(text)
    decoded, starts = model.decode_with_offsets(ids)
    assert decoded == text, (decoded, text)
    return {"text": text, "ids": ids, "match": model.encode(text, allowed_special="all"), "starts": starts}


def answer_other(splitter: pre_tokenizers.PreTokenizer, text: str) -> dict:
    whole = encoding(r"(?s:.+)")
    ids = [id for piece, _ in splitter.pre_tokenize_str(text) for id in whole.encode_ordinary(piece)]
    decoded, starts = whole.decode_with_offsets(ids)
    assert decoded == text, (decoded, text)
    return {"text": text, "ids": ids, "starts": starts}


draw = random.Random(7)
names = {"gpt2": "gpt2", "cl100k": "cl100k_base", "o200k": "o200k_base"}
model = encoding(pattern_of("gpt2"))
decodes = []
for length in range(1, 30):
    ids = [draw.choice([*ranks.values(), *SPECIAL.values()]) for _ in range(length)]
    decodes.append({"ids": ids, "decoded": model.decode(ids)})
golden = {
    "script": "goldens/generate/tiktoken-ranks.py",
    "by": f"tiktoken {VERSION}, tokenizers {tokenizers.__version__}",
    "specialTokens": SPECIAL,
    "ranks": "".join(f"{base64.b64encode(token).decode()} {rank}\n" for token, rank in ranks.items()),
    "cases": [
        {"pattern": name, "spelled": pattern_of(constructor), "rows": [answer(encoding(pattern_of(constructor)), text) for text in TEXTS]}
        for name, constructor in names.items()
    ],
    "others": [{"pattern": name, "rows": [answer_other(splitter, text) for text in TEXTS]} for name, splitter in OTHERS.items()],
    "decodes": decodes,
}
print("{")
for i, (key, value) in enumerate(golden.items()):
    comma = "," if i < len(golden) - 1 else ""
    if key in ("cases", "others"):
        lines = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in value)
        print(f' "{key}": [\n{lines}\n ]{comma}')
    else:
        print(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}{comma}")
print("}")
