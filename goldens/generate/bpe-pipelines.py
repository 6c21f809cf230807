"""Writes goldens/tokenizers/bpe-pipelines.json: what `tokenizers` 0.23.2 answers with whole tokenizers
whose BPE is over characters: CLIP's, GPT-1's, and one with "##".

    python goldens/generate/bpe-pipelines.py > goldens/tokenizers/bpe-pipelines.json

They are trained on the text below, which was written for this purpose.
"""

import json

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

LINES = [
    "The planet turns, and the little brass planet in the orrery turns with it.",
    "Turn the handle once: the Earth goes round the Sun in 12 seconds, the Moon in 1.",
    "It's small, it's exact, and you'll see that the outer planets aren't in a hurry.",
    "行星转动，小小的黄铜行星也跟着转动。转动手柄，地球绕着太阳转。",
    "Los planetas giran; el pequeño planeta de latón gira también. ¡Mañana más!",
]
TEXTS = [
    "", " ", "The planet turns", "  the   PLANETS\tturn\n", "it's IT'S you'll aren't", "12 3456 ½", "行星转动，地球", "pequeño peque\u0303o ¡Mañana!", "🪐 a🪐b", "xyzzy qux",
    "a", "handle,handle.", "the<|endoftext|>planet", "<|startoftext|> the", "İ ß ﬁ ſ", "a\u200db\ufeffc", "e\u0301\u0301", "한국어", "\x00a\x01", "orreryorreryorrery " * 6,
]  # fmt: skip


def clip() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>", continuing_subword_prefix=""))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    split = pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|startoftext|>", "<|endoftext|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=620, show_progress=False, special_tokens=special, end_of_word_suffix="</w>", initial_alphabet=alphabet)
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), False, False)
    return tokenizer


def gpt1() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    trainer = trainers.BpeTrainer(vocab_size=260, show_progress=False, special_tokens=["<unk>"], end_of_word_suffix="</w>")
    tokenizer.train_from_iterator(LINES, trainer)
    return tokenizer


def prefixed() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.BpeTrainer(vocab_size=260, show_progress=False, special_tokens=["<unk>"], continuing_subword_prefix="##")
    tokenizer.train_from_iterator(LINES, trainer)
    return tokenizer


def answer(tokenizer: Tokenizer, text: str) -> dict:
    result = tokenizer.encode(text)
    places = [place for offset in result.offsets for place in offset]
    decoded = tokenizer.decode(result.ids, skip_special_tokens=False)
    return {"text": text, "ids": result.ids, "tokens": result.tokens, "offsets": places, "decoded": decoded}


golden = {"script": "goldens/generate/bpe-pipelines.py", "by": f"tokenizers {tokenizers.__version__}"}
print("{")
for key, value in golden.items():
    print(f' "{key}": {json.dumps(value)},')
print(' "tokenizers": [')
lines = []
for name, tokenizer in (("CLIP", clip()), ("GPT-1", gpt1()), ("##", prefixed())):
    case = {"name": name, "file": json.loads(tokenizer.to_str()), "rows": [answer(tokenizer, text) for text in TEXTS]}
    lines.append("  " + json.dumps(case, ensure_ascii=False, separators=(",", ":")))
print(",\n".join(lines))
print(" ]\n}")
