"""Writes goldens/tokenizers/components.json: what the components of `tokenizers` 0.23.2 answer.

    python goldens/generate/components.py > goldens/tokenizers/components.json

Each pre-tokenizer is shown nasty strings before a WordLevel model that knows all pieces; each
post-processor a text and a pair, with and without special tokens; each decoder lists of tokens.
"""

import json

import tokenizers
from tokenizers import Tokenizer

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

TEXTS = [
    "", " ", "  ", "a b", "  a  b ", "\ta\nb\r\n c", "a\u0085b\u00a0c\u3000d\u2028e", "a\ufeffb\u180ec\u200dd", "x=1;y==2//!?",
    "12 345,678.90 ²½Ⅷ٣\U00016ff4\U00011de0", "e\u0301a\u0308 o\u0302\u0323", "👩\u200d🚀 🪐🌍", "한국어 한국어", "שלום עולם مرحبا",
    "行星カタかなー。ー x、です", "  Привет, мир! ", "▁a▁ b▁▁", "a▁b", "!a!!b! ¡“c”—$+<=>^`|~€×", "don't we'll", "\0a", "Ωω\u0953\u0954\u0589\u061cա",
    "--a-b--", "क\u0953\u0300a\u0589!", "\U0010ffff\U000e0001\ufffd",
]  # fmt: skip
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def split(pattern: dict, behavior: str, invert: bool = False) -> dict:
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def metaspace(scheme: str, cut: bool = True, replacement: str = "▁") -> dict:
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme, "split": cut}


def byte_level(prefix: bool, regex: bool, trim: bool = True) -> dict:
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": trim, "use_regex": regex}


def sequence(*steps: dict) -> dict:
    return {"type": "Sequence", "pretokenizers": list(steps)}


DIGITS = {"type": "Digits", "individual_digits": False}
PRE_TOKENIZERS = [
    *[("11", split({"Regex": r"[ab!]"}, behavior, invert)) for behavior in BEHAVIORS for invert in (False, True)],
    *[("11", split({"String": " "}, behavior)) for behavior in BEHAVIORS],
    ("11", split({"String": ""}, "Isolated")),
    ("11", split({"Regex": "b*"}, "MergedWithPrevious")),
    ("11", split({"Regex": r"\s|(?=a)"}, "MergedWithNext")),
    ("7", DIGITS),
    ("7", {"type": "Digits", "individual_digits": True}),
    ("12", {"type": "Whitespace"}),
    ("2", {"type": "WhitespaceSplit"}),
    *[("13", {"type": "Punctuation", "behavior": behavior}) for behavior in BEHAVIORS],
    ("11", {"type": "CharDelimiterSplit", "delimiter": "-"}),
    ("11", {"type": "CharDelimiterSplit", "delimiter": "🪐"}),
    ("11", {"type": "FixedLength", "length": 2}),
    ("11", {"type": "FixedLength", "length": 5}),
    ("11", {"type": "UnicodeScripts"}),
    *[("54", metaspace(scheme)) for scheme in ("first", "always", "never")],
    *[("55", metaspace(scheme, False)) for scheme in ("first", "always", "never")],
    ("54", metaspace("always", True, "🪐")),
    ("54", sequence({"type": "WhitespaceSplit"}, metaspace("first"))),
    ("54", sequence({"type": "WhitespaceSplit"}, metaspace("always"))),
    ("31", byte_level(True, True)),
    ("31", sequence({"type": "Whitespace"}, byte_level(True, False))),
    ("31", sequence(byte_level(False, True), DIGITS)),
    ("31", sequence(byte_level(True, True), {"type": "Punctuation", "behavior": "Isolated"}, {"type": "FixedLength", "length": 2})),
    ("7", sequence({"type": "Punctuation", "behavior": "Contiguous"}, byte_level(False, True), DIGITS, split({"Regex": "[0-9][0-9][0-9]"}, "Isolated"))),
    ("11", sequence()),
]  # fmt: skip

WORDS = ["[CLS]", "[SEP]", "<s>", "</s>", "a", "b", "c", "Ġd", "Ġ", "?"]
PIECES = {name: {"id": name, "ids": [WORDS.index(name)], "tokens": [name]} for name in WORDS[:4]}
PIECES["two"] = {"id": "two", "ids": [2, 3], "tokens": ["<s>", "</s>"]}


def piece(text: str, type_id: int = 0) -> dict:
    kind = "Sequence" if text in "AB" else "SpecialToken"
    return {kind: {"id": text, "type_id": type_id}}


def template(single: list[dict], pair: list[dict]) -> dict:
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": PIECES}


def processors(*steps: dict) -> dict:
    return {"type": "Sequence", "processors": list(steps)}


BERT = template(
    [piece("[CLS]"), piece("A"), piece("[SEP]")],
    [piece("[CLS]"), piece("A"), piece("[SEP]"), piece("B", 1), piece("[SEP]", 1)],
)
CLS_SEP = {"sep": ["[SEP]", 1], "cls": ["[CLS]", 0]}
POST_PROCESSORS = [
    None,
    BERT,
    template([piece("A", 3), piece("two", 2)], [piece("B", 1), piece("two", 4), piece("A", 2)]),
    template([], [piece("A"), piece("B")]),
    {"type": "BertProcessing", **CLS_SEP},
    *[{"type": "RobertaProcessing", **CLS_SEP, "trim_offsets": t, "add_prefix_space": p} for t, p in ((False, True), (True, True), (True, False))],
    processors(byte_level(True, True), BERT),
    processors(BERT, byte_level(False, True)),
    processors(byte_level(False, True), byte_level(False, True)),
    processors(byte_level(True, True, False), {"type": "RobertaProcessing", **CLS_SEP, "trim_offsets": True, "add_prefix_space": False}),
    processors(),
]  # fmt: skip
PAIRS = [["a b", None], ["", None], ["a", "b c"], ["Ġd a", "c Ġd ? Ġ"], ["", ""], ["z z", ""]]


def decoders(*steps: dict) -> dict:
    return {"type": "Sequence", "decoders": list(steps)}


def replace(pattern: dict, content: str) -> dict:
    return {"type": "Replace", "pattern": pattern, "content": content}


def strip(content: str, start: int, stop: int) -> dict:
    return {"type": "Strip", "content": content, "start": start, "stop": stop}


FUSE, BYTES = {"type": "Fuse"}, {"type": "ByteFallback"}
META = metaspace("always")
BPE = {"type": "BPEDecoder", "suffix": "</w>"}
CTC = {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True}
WORD_PIECE = {"type": "WordPiece", "prefix": "##", "cleanup": True}
LLAMA = decoders(replace({"String": "▁"}, " "), BYTES, FUSE, strip(" ", 1, 0))
DECODERS = [
    None, FUSE, BYTES, META, metaspace("never"), metaspace("first", True, "🪐"), BPE, {"type": "BPEDecoder", "suffix": ""},
    CTC, {**CTC, "cleanup": False}, {**CTC, "word_delimiter_token": ""}, {**CTC, "pad_token": ""}, WORD_PIECE, {**WORD_PIECE, "cleanup": False},
    replace({"String": "▁"}, " "), replace({"String": ""}, "-"), replace({"Regex": "a+"}, "$0"), replace({"Regex": r"\s*"}, "_"),
    strip("a", 1, 0), strip("▁", 2, 0), byte_level(True, True), LLAMA,
    decoders(FUSE, META), decoders(FUSE, BPE), decoders(FUSE, replace({"String": "aab"}, "X")), decoders(FUSE, replace({"Regex": "a+b"}, "X")),
    decoders(FUSE, BYTES), decoders(BYTES, META), decoders(byte_level(True, True), strip(" ", 1, 0)), decoders(WORD_PIECE, replace({"String": " "}, "_")),
    decoders(CTC, FUSE), decoders(BPE, replace({"String": " "}, "·")), decoders(decoders(FUSE), strip("a", 3, 0)), decoders(FUSE, byte_level(True, True)), decoders(),
]  # fmt: skip
TOKENS = [
    [], ["a"], ["▁a▁b", "▁c", "▁▁"], ["a</w>", "b", "c</w></w>d", "e</w>"], ["a", "a", "a", "b", "a", "a", "ba", "a", "a"],
    ["<0xE5>", "<0x8F>", "<0xAB>", "x", "<0xE5>", "<0x8F>", "y", "<0x41>", "<0xE5>", "<0x8F>"],
    ["<0x+1>", "<0x41>", "<0xF0>", "<0x9F>", "<0xAA>", "<0x90>"], ["<0xFF>", "<0x41>", "<0x42>"], ["<0xEF>", "<0xBB>", "<0xBF>", "<0xGG>", "<0x041>", "<0x4"],
    ["<pad>", "<pad>", "h", "h", "<pad>", "h", "|", "|", "a<pad>b", " .", "|'s"], ["un", "##able", "##", "do", " do not", "n't", ",", "' "],
    ["Ġa", "Ġ", "Ã", "©", "Ġé中", "å", "ı", "¬", "ð"], ["🪐a", "🪐", "é🪐x"], [" a ", "  ", "aa", "aaaa"],
]  # fmt: skip


def load(words: list[str], **parts: object) -> tuple[Tokenizer, dict]:
    vocab = {word: i for i, word in enumerate(dict.fromkeys(words))}
    model = {"type": "WordLevel", "vocab": vocab, "unk_token": words[0]}
    changes = {"model": model, "added_tokens": [], **parts}
    return Tokenizer.from_str(json.dumps(changes)), changes


def encoded(tokenizer: Tokenizer, text: str, pair: str | None, special: bool) -> dict:
    result = tokenizer.encode(text, pair, add_special_tokens=special)
    return {
        "text": text,
        **({} if pair is None else {"pair": pair}),
        "addSpecialTokens": special,
        "ids": result.ids,
        "tokens": result.tokens,
        "offsets": result.offsets,
        "typeIds": result.type_ids,
        "specialTokensMask": result.special_tokens_mask,
        "sequenceIds": [-1 if s is None else s for s in result.sequence_ids],
    }


encodes = []
for trap, pre_tokenizer in PRE_TOKENIZERS:
    cutter = load(["?"], pre_tokenizer=pre_tokenizer)[0].pre_tokenizer
    words = ["?", *(word for text in TEXTS for word, _ in (cutter.pre_tokenize_str(text) if text else []))]
    tokenizer, file = load(words, pre_tokenizer=pre_tokenizer)
    rows = [encoded(tokenizer, text, None, True) for text in TEXTS]
    slim = [{key: row[key] for key in ("text", "ids", "offsets")} for row in rows]
    encodes.append({"name": f"{trap} {json.dumps(pre_tokenizer, ensure_ascii=False)}", "file": file, "rows": slim})

processed = []
for post_processor in POST_PROCESSORS:
    tokenizer, file = load(["?", *WORDS], pre_tokenizer={"type": "WhitespaceSplit"}, post_processor=post_processor)
    rows = [encoded(tokenizer, text, pair, special) for text, pair in PAIRS for special in (True, False)]
    name = json.dumps(post_processor, ensure_ascii=False)
    case = {"name": f"32 {name[:160]}", "file": file, "rows": rows}
    if post_processor == processors(BERT, byte_level(False, True)):
        # The reference numbers the parts of the template as if they were texts.
        for r in (r for r in rows if r["addSpecialTokens"]):
            r["knownDivergence"] = {"sequenceIds": r.pop("sequenceIds")}
    processed.append(case)

decoded = []
all_tokens = ["?", *(token for tokens in TOKENS for token in tokens)]
for decoder in DECODERS:
    tokenizer, file = load(all_tokens, decoder=decoder)
    rows = []
    for tokens in TOKENS:
        ids = [tokenizer.token_to_id(token) for token in tokens]
        rows.append({"tokens": tokens, "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    decoded.append({"name": json.dumps(decoder, ensure_ascii=False), "decoder": decoder, "rows": rows})

golden = {
    "script": "goldens/generate/components.py",
    "by": f"tokenizers {tokenizers.__version__}",
    "encodes": encodes,
    "processed": processed,
    "decoded": decoded,
}
print("{")
for i, (key, value) in enumerate(golden.items()):
    if isinstance(value, list):
        shown = "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in value) + "\n ]"
    else:
        shown = json.dumps(value)
    print(f" {json.dumps(key)}: {shown}{',' if i < len(golden) - 1 else ''}")
print("}")
