"""Writes goldens/tokenizers/tokenizer-json.json: what `tokenizers` 0.23.2 reads and writes back.

    python goldens/generate/tokenizer-json.py > goldens/tokenizers/tokenizer-json.json

Every case is one member of a small `tokenizer.json`, and the text of that member as the library writes it
after reading it (pretty=True), or null where it refuses the file.
"""

import json

import tokenizers
from tokenizers import Tokenizer

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

VOCAB = {"a": 0, "b": 1, "ab": 2, "[UNK]": 3, "[CLS]": 4, "[SEP]": 5, "7": 6, "é": 7, "##b": 8, "b</w>": 9}
LEVEL = {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}
SKELETON = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "normalizer": None,
    "pre_tokenizer": None,
    "post_processor": None,
    "decoder": None,
    "model": LEVEL,
}
cases = []


def write(member: str, value: object) -> str | None:
    # As a text, so that a case can show what Python would not write.
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    members = [
        f'"{key}": {text if key == member else json.dumps(other)}' for key, other in SKELETON.items()
    ]
    try:
        pretty = Tokenizer.from_str("{" + ", ".join(members) + "}").to_str(pretty=True)
    except BaseException:  # some files make it panic
        return text, None
    start = pretty.index(f'\n  "{member}": ') + len(f'\n  "{member}": ')
    ends = [pretty.find(f'\n  "{key}": ', start) - 1 for key in SKELETON]
    end = min([end for end in ends if end > start], default=len(pretty) - 2)
    return text, pretty[start:end]


def case(member: str, *values: object) -> None:
    for value in values:
        text, written = write(member, value)
        cases.append({"member": member, "text": text, "written": written})


def changed(base: dict, **changes: object) -> dict:
    """Another value for some fields; `...` takes a field away."""
    return {key: value for key, value in {**base, **changes}.items() if value is not ...}


bert = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False, "strip_accents": None, "lowercase": True}  # fmt: skip
case("normalizer", None, bert, changed(bert, strip_accents=True), changed(bert, strip_accents=...), changed(bert, lowercase=...), changed(bert, clean_text=None))  # fmt: skip
for name in ["NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase", "StripAccents", "ByteLevel"]:
    case("normalizer", {"type": name})
strip = {"type": "Strip", "strip_left": True, "strip_right": False}
case("normalizer", strip, changed(strip, type="StripNormalizer"), changed(strip, strip_left=...))
replace = {"type": "Replace", "pattern": {"String": "a"}, "content": "\t\u0001é\u2028😀\"\\/\u007f"}
case("normalizer", replace, changed(replace, pattern={"Regex": "a+"}), changed(replace, pattern="a"), changed(replace, pattern={"String": "a", "Regex": "b"}), changed(replace, pattern={}), changed(replace, content=...))  # fmt: skip
case("normalizer", {"type": "Prepend", "prepend": "▁"}, {"type": "Prepend"})
charsmap = {"type": "Precompiled", "precompiled_charsmap": "BAAAAAAAAAA="}
case("normalizer", charsmap, changed(charsmap, precompiled_charsmap="?"), changed(charsmap, precompiled_charsmap=5))
sequence = {"type": "Sequence", "normalizers": []}
case("normalizer", sequence, changed(sequence, normalizers=[{"type": "NFC"}, changed(sequence, normalizers=[strip])]), changed(sequence, normalizers=...), changed(sequence, normalizers=[None]))  # fmt: skip
case("normalizer", {"type": "NFX"}, {"type": 5}, {}, [], 5, '"NFC"')

byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
for member in ["pre_tokenizer", "decoder"]:
    case(member, None, byte_level, changed(byte_level, use_regex=...), changed(byte_level, use_regex=None), changed(byte_level, trim_offsets=...), changed(byte_level, add_prefix_space=...))  # fmt: skip
    for scheme in ["first", "never", "always", "Always", None, ...]:
        for prefix in [True, False, None, ...]:
            case(member, changed(metaspace, prepend_scheme=scheme, add_prefix_space=prefix))
    case(member, changed(metaspace, split=...), changed(metaspace, split=None), changed(metaspace, replacement="😀"), changed(metaspace, replacement="__"), changed(metaspace, replacement=""), changed(metaspace, replacement=...), changed(metaspace, str_rep="_"))  # fmt: skip
for name in ["BertPreTokenizer", "UnicodeScripts", "Whitespace", "WhitespaceSplit", "Delimiter"]:
    case("pre_tokenizer", {"type": name})
delimiter = {"type": "CharDelimiterSplit", "delimiter": "🌍"}
case("pre_tokenizer", delimiter, changed(delimiter, delimiter="ab"), changed(delimiter, delimiter=...))
case("pre_tokenizer", {"type": "Digits", "individual_digits": True}, {"type": "Digits"})
case("pre_tokenizer", {"type": "FixedLength"}, {"type": "FixedLength", "length": 3}, '{"type": "FixedLength", "length": 18446744073709551615}', {"type": "FixedLength", "length": -1}, {"type": "FixedLength", "length": 1.5})  # fmt: skip
case("pre_tokenizer", {"type": "Punctuation"})
split = {"type": "Split", "pattern": {"Regex": "\\s+"}, "behavior": "Removed", "invert": False}
for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous", "isolated", None]:
    case("pre_tokenizer", {"type": "Punctuation", "behavior": behavior}, changed(split, behavior=behavior))
case("pre_tokenizer", changed(split, invert=True), changed(split, invert=...), changed(split, behavior=...), changed(split, pattern=...))  # fmt: skip
case("pre_tokenizer", {"type": "Sequence", "pretokenizers": [split, {"type": "Whitespace"}]}, {"type": "Sequence"})

template = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "B", "type_id": 1}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [4], "tokens": ["[CLS]"]}},
}
names = ["z", "Z", "😀", "\uffee", "é", "10", "2", "[CLS]", "[CLS"]
many = {name: {"id": name, "ids": [4, 5], "tokens": ["[CLS]", "[SEP]"]} for name in names}
pair = {"type": "BertProcessing", "sep": ["[SEP]", 5], "cls": ["[CLS]", 4]}
roberta = {**pair, "type": "RobertaProcessing", "trim_offsets": True, "add_prefix_space": False}
case("post_processor", None, byte_level, changed(byte_level, use_regex=...), changed(byte_level, trim_offsets=...))
case("post_processor", template, changed(template, special_tokens=many), changed(template, pair=...), changed(template, pair=None), changed(template, single=[]), changed(template, single="$A"), changed(template, special_tokens=[]), changed(template, single=[{"Sequence": {"id": "C", "type_id": 0}}]), changed(template, single=[{"Sequence": {"id": "A"}}]), changed(template, single=[{}]), changed(template, pair=[{"Sequence": {"id": "A", "type_id": 4294967295}}]), changed(template, pair=[{"Sequence": {"id": "A", "type_id": 4294967296}}]), changed(template, special_tokens={"[CLS]": {"id": "x", "ids": [1]}}), changed(template, special_tokens={"[CLS]": {"id": "x", "ids": [-1], "tokens": ["x"]}}))  # fmt: skip
case("post_processor", pair, changed(pair, cls=...), changed(pair, sep=["x"]), changed(pair, sep=["x", 1, 2]), changed(pair, sep=["x", -1]), changed(pair, sep=[1, "x"]), roberta)  # fmt: skip
case("post_processor", {"type": "Sequence", "processors": [byte_level, template]}, {"type": "Sequence"}, {"type": "X"})

case("decoder", {"type": "BPEDecoder", "suffix": "</w>"}, {"type": "BPEDecoder"}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "NFC"}, {"type": "Whitespace"})  # fmt: skip
ctc = {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True}
case("decoder", ctc, changed(ctc, cleanup=...), changed(ctc, pad_token=...), changed(ctc, word_delimiter_token=...))
case("decoder", replace, changed(replace, pattern={"Regex": "a+"}))
strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
case("decoder", strip, changed(strip, content="ab"), changed(strip, stop=...), json.dumps(changed(strip, start=18446744073709551615)))  # fmt: skip
case("decoder", {"type": "WordPiece", "prefix": "##", "cleanup": False}, {"type": "WordPiece", "prefix": "##"})
case("decoder", {"type": "Sequence", "decoders": [strip, {"type": "Fuse"}]}, {"type": "Sequence"})

bpe = {"type": "BPE", "vocab": VOCAB, "merges": ["a b"]}
case("model", None, bpe, changed(bpe, type=...), changed(bpe, type="bpe"), changed(bpe, merges=...), changed(bpe, merges=None), changed(bpe, merges=[]), changed(bpe, merges=[["a", "b"]]), changed(bpe, merges=["#version: 0.2", "a b", "#version"]), changed(bpe, merges=[["#version: 0.2", "x"]]), changed(bpe, merges=["ab"]), changed(bpe, merges=["a  b"]), changed(bpe, merges=["a b a"]), changed(bpe, merges=[["a", "b", "a"]]), changed(bpe, merges=["a x"]), changed(bpe, merges=["b a"]), changed(bpe, merges={}))  # fmt: skip
longer = changed(bpe, vocab={**VOCAB, "ba": 10, "aba": 11})
case("model", changed(longer, merges=["a b", "b a", "ab a", "a b"]))
for dropout in ["0.5", "0.1", "1", "0.123456789", "1e-7", "1.5", "-1", '"1"']:
    case("model", json.dumps(bpe)[:-1] + f', "dropout": {dropout}}}')
for name in ["fuse_unk", "byte_fallback", "ignore_merges"]:
    for flag in [True, False, None, 1]:
        case("model", changed(bpe, **{name: flag}))
case("model", changed(bpe, unk_token="[UNK]"), changed(bpe, unk_token="x"), changed(bpe, unk_token=5))
case("model", changed(bpe, continuing_subword_prefix="##", merges=["a ##b"]), changed(bpe, end_of_word_suffix="</w>"), changed(bpe, continuing_subword_prefix="", end_of_word_suffix=""))
case("model", changed(bpe, vocab={"a": 3, "b": 70000, "ab": 0}), changed(bpe, vocab={**VOCAB, "c": -1}), changed(bpe, vocab={**VOCAB, "c": 1.5}), changed(bpe, vocab={**VOCAB, "c": "1"}), changed(bpe, vocab=[]), changed(bpe, vocab=...), changed(bpe, vocab={}, merges=[]), changed(bpe, extra=1))  # fmt: skip
case("model", changed(bpe, vocab={"__proto__": 0, "constructor": 1, "": 2, "\"\\\u0000\u001f\b\f\n\r\t\u007f\u2028": 3}, merges=[]))  # fmt: skip
case("model", '{"type": "BPE", "vocab": {"\\ud83e\\ude90": 0, "\\\\ud800": 1}, "merges": []}', '{"type": "BPE", "vocab": {"\\ud800": 0}, "merges": []}', '{"type": "BPE", "vocab": {"\\ud800x": 0}, "merges": []}', '{"type": "BPE", "vocab": {"\\udc00\\ud800": 0}, "merges": []}', '{"type": "BPE", "vocab": {"a": 0, "a": 5}, "merges": []}')  # fmt: skip
piece = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": VOCAB}  # fmt: skip
case("model", piece, changed(piece, type=...), changed(piece, max_input_chars_per_word=...), changed(piece, continuing_subword_prefix=...), changed(piece, unk_token=...), changed(piece, vocab=...), changed(piece, unk_token=None), json.dumps(changed(piece, max_input_chars_per_word=18446744073709551615)))  # fmt: skip
level = {"type": "WordLevel", "vocab": VOCAB, "unk_token": "x"}
case("model", level, changed(level, type=...), changed(level, unk_token=...), changed(level, vocab=...))
pieces = [["<unk>", 0], ["a", -1.5], ["▁", -2.25], ["a", -1.75], ["", -3]]
unigram = {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": True}
case("model", unigram, changed(unigram, type=...), changed(unigram, unk_id=...), changed(unigram, unk_id=None), changed(unigram, unk_id=5), changed(unigram, unk_id=-1), changed(unigram, byte_fallback=...), changed(unigram, byte_fallback=None), changed(unigram, vocab=[]), changed(unigram, vocab=[], unk_id=None), changed(unigram, vocab=...), changed(unigram, vocab={}))  # fmt: skip
for score in ["NaN", "Infinity", "1e400", "null", '"1"']:
    case("model", f'{{"type": "Unigram", "unk_id": null, "vocab": [["a", {score}]]}}')
case("model", changed(unigram, vocab=[["a"]]), changed(unigram, vocab=[["a", 1, 2]]), changed(unigram, vocab=[[1, "a"]]))
scores = "0 -0 -0.0 3 1e-7 1.5e-5 0.00001 0.00012 1.234e-6 30000000 123456789012345 1e15 1e16 1e17 1e21 1.5e300 -99.9 5e-324 1.7976931348623157e308 -13.123456789012345 -9.876543219876543 0.1234567890123456 -3.4657359027997265 -7.191652297973633 -11.512925464970229 -0.000012345678901234 2.2250738585072014e-308 1.2345678901234567e-300 5.0e-300"  # fmt: skip
entries = ", ".join(f'["{i}", {score}]' for i, score in enumerate(scores.split()))
case("model", f'{{"type": "Unigram", "unk_id": null, "vocab": [{entries}]}}')

truncation = {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0}
case("truncation", None, truncation, changed(truncation, direction="Left"), changed(truncation, direction=...), changed(truncation, direction=None), changed(truncation, direction="left"), changed(truncation, max_length=...), changed(truncation, strategy=...), changed(truncation, stride=...), changed(truncation, stride=9), changed(truncation, strategy="OnlyFirst"), changed(truncation, strategy="OnlySecond"), changed(truncation, strategy="only_first"), json.dumps(changed(truncation, max_length=18446744073709551615)), {})  # fmt: skip
padding = {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}  # fmt: skip
case("padding", None, padding, changed(padding, strategy={"Fixed": 7}), changed(padding, strategy="Fixed"), changed(padding, strategy={"Fixed": "7"}), changed(padding, direction="Left"), changed(padding, direction="left"), changed(padding, pad_to_multiple_of=0), changed(padding, pad_to_multiple_of=8), changed(padding, pad_type_id=4294967295), changed(padding, pad_token=""), {}, *[changed(padding, **{key: ...}) for key in padding])  # fmt: skip

added = {"id": 1, "content": "<x>", "single_word": False, "lstrip": False, "rstrip": True, "normalized": False, "special": True}  # fmt: skip
case("added_tokens", None, [], [added], [added, changed(added, special=False)], [changed(added, content=""), added], [changed(added, id=-1)], [added, changed(added, id=2, content="y", special=False, normalized=True)], [changed(added, id=0, content="[UNK]"), added], *[[changed(added, **{key: ...})] for key in added])  # fmt: skip
case("version", '"1.0"', '"2.0"', '"0.9"', 1, None)

# What the reference takes and Orrery refuses or reads otherwise, with the reason.
divergent = []


def diverges(reason: str, member: str, value: object) -> None:
    text, written = write(member, value)
    assert written is not None, (reason, text)
    divergent.append({"reason": reason, "member": member, "text": text, "written": written})


diverges("a component without a type", "normalizer", changed(bert, type=...))
diverges("a component without a type", "post_processor", changed(pair, type=...))
diverges("a component without a type", "decoder", {"suffix": "</w>"})
diverges("what is left out makes it another component", "post_processor", changed(roberta, trim_offsets=...))
diverges("the reference panics at the first text", "post_processor", changed(template, special_tokens={}))
diverges("the reference panics at the first text", "post_processor", changed(template, single=template["pair"]))
diverges("tokens and ids are not of one length", "post_processor", changed(template, special_tokens={"[CLS]": {"id": "[CLS]", "ids": [4, 5], "tokens": ["[CLS]"]}}))  # fmt: skip
diverges("which token an id decodes to is chance", "model", changed(level, vocab={"a": 0, "b": 0}))
diverges("an id that would take 16 GB to index", "model", changed(level, vocab={"a": 4294967294}))
diverges("a dropout of zero is none", "model", changed(bpe, dropout=0))
diverges("added tokens keep the ids of the file", "added_tokens", [changed(added, id=9)])
diverges("an added token with the id of another", "added_tokens", [changed(added, id=0)])
diverges("an added token with an id other than the model's", "added_tokens", [changed(added, content="[UNK]")])
diverges("a length that no memory has room for", "padding", changed(padding, strategy={"Fixed": 2**40}))

golden = {
    "script": "goldens/generate/tokenizer-json.py",
    "by": f"tokenizers {tokenizers.__version__}",
    "skeleton": Tokenizer.from_str(json.dumps(SKELETON)).to_str(pretty=True),
}
print("{")
for key, value in golden.items():
    print(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},")
for key, rows in [("cases", cases), ("divergent", divergent)]:
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    print(f' "{key}": [\n{lines}\n ]{"" if key == "divergent" else ","}')
print("}")
