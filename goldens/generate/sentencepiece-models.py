"""Writes goldens/tokenizers/sentencepiece-models.json: what `sentencepiece` 0.2.2 answers.

    python goldens/generate/sentencepiece-models.py > goldens/tokenizers/sentencepiece-models.json

It trains small models on the text below, which was written for this purpose, changes some of them as
the trainer cannot, and shows nasty strings to all of them. Models are in base64, packed with gzip.
"""

import base64
import gzip
import io
import json
import pathlib
import struct
import tempfile
from collections.abc import Iterator

import sentencepiece
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

assert sentencepiece.__version__ == "0.2.2", sentencepiece.__version__

LINES = [
    "The planet turns, and the little brass planet in the orrery turns with it.",
    "Turn the handle once: the Earth goes round the Sun in 12 seconds, the Moon in 1.",
    "It's small, it's exact, and you'll see that the outer planets aren't in a hurry.",
    "for (let i = 0; i < planets.length; i++) turn(planets[i], 360 / periods[i]);",
    "行星转动，小小的黄铜行星也跟着转动。转动手柄，地球绕着太阳转。",
    "Планеты вращаются, и маленькие планеты вращаются вместе с ними.",
    "Los planetas giran; el pequeño planeta de latón gira también. ¡Mañana más!",
    "aaaaaaaaaaaaaaaa aaaaaaaa aaaa aaa bbbbbbbb abababab",
]
# Rules of several characters, of one, into nothing, into blanks, and prefixes of each other.
RULES = [
    ("fi", "FI"), ("fin", "END"), ("\ufb01", "fi"), ("\uff21", "a"), ("\u00e9", "e\u0301"), ("e\u0301", "\u00e8"),
    ("\u200b", ""), ("\u3000", " "), ("\u2026", ".  ."), ("\t", " "),
]
UNDO = [("FI", "\ufb01"), ("pl", " P L ")]
# Some are prefixes of others, one has a blank, two have rules.
SYMBOLS = ["<sep>", "<sep>x", "planet", "ﬁ", "a b", "é"]

TEXTS = [
    "",
    " ",
    "   ",
    "The planets turn.",
    "  two  blanks   between  ",
    "\u2581",
    "\u2581\u2581a\u2581 b\u2581",
    "a\u3000b\u3000",
    "fi fin find ﬁn ﬁfin",
    "é e\u0301 ée\u0301",
    "\u200b\u200bzero\u200bwidth\u200b",
    "…and so on…",
    "\tta\tb\t",
    "a<sep>b <sep>x<sep>",
    "planetplanets a b a  b",
    "☃ unknown ☃☃ 🪐🌍",
    "x☃y",
    "<s></s><unk> <0x41>",
    "aaaaaaaaaaaaa aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ababababbabab",
    "行星转动。",
    "линия\nновая\r\n",
    "\ufefffirst",
    "nul\x00nul",
    "Ａａ",
    "turns turn turning planets planet plan",
]


def train(
    rules: list[tuple[str, str]] | None = None, undo: list[tuple[str, str]] | None = None, **options: object
) -> bytes:
    model = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        for name, table in ("normalization_rule_tsv", rules), ("denormalization_rule_tsv", undo):
            if table is not None:
                options[name] = f"{folder}/{name}"
                pathlib.Path(folder, name).write_text(tsv(table), "utf8")
        SentencePieceTrainer.train(
            sentence_iterator=iter(LINES),
            model_writer=model,
            num_threads=1,
            minloglevel=2,
            hard_vocab_limit=False,
            character_coverage=1.0,
            **options,
        )
    return clean(model.getvalue())


def tsv(rules: list[tuple[str, str]] | None) -> str:
    spell = lambda text: " ".join(f"{ord(c):X}" for c in text)
    return "".join(f"{spell(source)}\t{spell(target)}\n" for source, target in rules or [])


def fields(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, wire type and value of each field, the value as it stands there."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        start = at
        if tag & 7 == 2:
            length, at = varint(message, at)
            start, at = at, at + length
        else:
            at = varint(message, at)[1] if tag & 7 == 0 else at + (4 if tag & 7 == 5 else 8)
        yield tag >> 3, tag & 7, message[start:at]


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def number(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + number(value >> 7)


def field(tag: int, wire: int, value: bytes) -> bytes:
    return number(tag << 3 | wire) + (number(len(value)) if wire == 2 else b"") + value


def clean(model: bytes) -> bytes:
    """Without the names of temporary files."""
    def spec(message: bytes) -> bytes:
        return b"".join(field(*part) for part in fields(message) if part[0] != 6)

    return b"".join(field(n, w, spec(v) if n in (3, 5) else v) for n, w, v in fields(model))


def change(model: bytes, number_of_spec: int, **flags: int) -> bytes:
    """With other flags in TrainerSpec (2) or NormalizerSpec (3), by their numbers: `_3=0`."""
    extra = b"".join(field(int(name[1:]), 0, bytes([flag])) for name, flag in flags.items())
    return b"".join(field(n, w, v + extra if n == number_of_spec else v) for n, w, v in fields(model))


def unused(model: bytes, *pieces: str) -> bytes:
    """With some pieces UNUSED."""
    def mark(message: bytes) -> bytes:
        return message + field(3, 0, b"\5") if dict((n, v) for n, _, v in fields(message))[1].decode() in pieces else message

    return b"".join(field(n, w, mark(v) if n == 1 else v) for n, w, v in fields(model))


unigram = train(model_type="unigram", vocab_size=150, rules=RULES, user_defined_symbols=SYMBOLS, control_symbols=["<ctrl>"])
bpe = train(model_type="bpe", vocab_size=420, normalization_rule_name="identity", byte_fallback=True, user_defined_symbols=SYMBOLS)
plain = train(model_type="bpe", vocab_size=180, normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False)
lossy = train(model_type="unigram", vocab_size=420, rules=RULES, byte_fallback=True, undo=UNDO, unk_surface="?")
suffix = train(model_type="unigram", vocab_size=150, rules=RULES, treat_whitespace_as_suffix=True)
MODELS = {
    "unigram": unigram,
    "unigram without dummy prefix": change(unigram, 3, _3=0),
    "unigram that keeps blanks": change(unigram, 3, _4=0),
    "unigram that keeps blanks, without dummy prefix": change(unigram, 3, _3=0, _4=0),
    "unigram that does not escape": change(unigram, 3, _5=0),
    "unigram with UNUSED pieces": unused(unigram, "▁the", "a", "▁planet", "s"),
    "unigram with bytes and denormalizer": lossy,
    "unigram in suffix mode": suffix,
    "unigram in suffix mode that keeps blanks": change(suffix, 3, _4=0),
    "bpe with bytes": bpe,
    "bpe with UNUSED pieces": unused(bpe, "▁turn", "urn", "▁the", "▁t", "aa", "aaaa", "et", "▁", "e"),
    "bpe that keeps everything": plain,
    "bpe in suffix mode": train(model_type="bpe", vocab_size=180, normalization_rule_name="identity", treat_whitespace_as_suffix=True),
    "char": train(model_type="char", vocab_size=150, rules=RULES, user_defined_symbols=SYMBOLS),
    "word": train(model_type="word", vocab_size=150, normalization_rule_name="identity"),
}


def rows(processor: SentencePieceProcessor) -> list[dict]:
    result = []
    for text in TEXTS:
        answer = processor.encode(text, return_type="offset_mapping")
        assert answer["ids"] == processor.encode(text)
        result.append({
            "text": text,
            "ids": answer["ids"],
            "tokens": answer["pieces"],
            "offsets": answer["offsets"],
            "decoded": processor.decode(answer["ids"]),
        })
    return result


def decodes(processor: SentencePieceProcessor) -> list[dict]:
    size = processor.get_piece_size()
    lists = [[0], [1, 0, 2], [0, 0, 1, 3], [size - 1, size - 2, 0, size - 3], list(range(size - 1, size - 9, -1))]
    blanks = [i for i in range(size) if processor.id_to_piece(i).startswith("▁")][:4]
    lists += [blanks, blanks[::-1] * 2, [1, *blanks, 2, *blanks], [0, *blanks], [*range(3, 12), *blanks]]
    byte = {bytes: processor.piece_to_id(f"<0x{bytes:02X}>") for bytes in range(256)}
    if processor.is_byte(byte[0]):
        broken = ["e2 98 83", "e2 98", "98 83", "e2 98 41", "f0 9f 8c 8d", "ed a0 80", "c0 80", "f4 90 80 80", "ef bb bf 41", "e2 e2 98 83 f0 9f"]
        for text in broken:
            ids = [byte[value] for value in bytes.fromhex(text)]
            lists += [ids, [blanks[0], *ids, blanks[0]], [*ids[:1], 1, *ids[1:]]]
    return [{"ids": ids, "decoded": processor.decode(ids)} for ids in lists]


def nbests(processor: SentencePieceProcessor) -> list[dict]:
    """Read from NBestSentencePieceText: a text in field 1; in it a piece in 2, its id in 2, the score in 3."""
    result = []
    for text in ["", "the planets", "aaaaaaaa", "ab☃☃ a<sep>planet", "turns turn"]:
        best = []
        for _, _, found in fields(processor.nbest_encode(text, nbest_size=6, return_type="serialized_proto")):
            ids, score = [], 0.0
            for number_of_field, _, value in fields(found):
                if number_of_field == 2:
                    ids += [varint(v, 0)[0] for n, _, v in fields(value) if n == 2]
                if number_of_field == 3:
                    score = struct.unpack("<f", value)[0]
            best.append([ids, score])
        result.append({"text": text, "best": best})
    return result


cases = []
for name, model in MODELS.items():
    processor = SentencePieceProcessor(model_proto=model)
    cases.append({
        "name": name,
        "model": base64.b64encode(gzip.compress(model, mtime=0)).decode(),
        "rows": rows(processor),
        "decodes": decodes(processor),
        "nbest": nbests(processor) if name.startswith("unigram") else [],
    })
print(json.dumps({"sentencepiece": sentencepiece.__version__, "cases": cases}, ensure_ascii=False, separators=(",", ":")))
