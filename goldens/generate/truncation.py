"""Makes goldens/tokenizers/truncation.json: truncation and padding of Hugging Face `tokenizers`.

The tokenizer is the one of goldens/tokenizers/byte-level-bpe.json with a template around it. Only
the part that stays is recorded: `tokenizers` 0.23 stops reading at max_length tokens, so its
overflowing parts lack most of the text.

    pip install tokenizers==0.23.2
    python goldens/generate/truncation.py
"""

import itertools
import json
import pathlib

import tokenizers

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "tokenizers"
TEXTS = [
    ["the planets wander", None],
    ["one", None],
    ["", None],
    ["a wandering star", "the other stars stay where they are"],
    ["the other stars stay where they are", "a wandering star"],
    ["sun", "moon"],
    ["é行🪐", "🪐"],
    ["", "all but nothing"],
]

def base() -> dict:
    file = json.loads(json.loads((GOLDENS / "byte-level-bpe.json").read_text())["written"])
    end = file["added_tokens"][0]["content"]
    token = {"id": end, "ids": [file["added_tokens"][0]["id"]], "tokens": [end]}
    special = lambda type_id: {"SpecialToken": {"id": end, "type_id": type_id}}
    text = lambda name, type_id: {"Sequence": {"id": name, "type_id": type_id}}
    file["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [special(0), text("A", 0), special(0)],
        "pair": [special(0), text("A", 0), special(1), text("B", 1), special(1)],
        "special_tokens": {end: token},
    }
    return file


def answer(tokenizer: tokenizers.Tokenizer, text: str, pair: str | None) -> dict:
    encoding = tokenizer.encode(text, pair)
    return {
        "text": text,
        "pair": pair,
        "ids": encoding.ids,
        "tokens": encoding.tokens,
        "offsets": encoding.offsets,
        "typeIds": encoding.type_ids,
        "attentionMask": encoding.attention_mask,
        "specialTokensMask": encoding.special_tokens_mask,
        "sequenceIds": [-1 if i is None else i for i in encoding.sequence_ids],
    }


def cases() -> list:
    file = base()
    blocks = []
    for length, stride, strategy, direction in itertools.product(
        [4, 7, 12], [0, 1], ["LongestFirst", "OnlyFirst", "OnlySecond"], ["Left", "Right"]
    ):
        blocks.append(
            (
                {
                    "direction": direction,
                    "max_length": length,
                    "strategy": strategy,
                    "stride": stride,
                },
                None,
            )
        )
    for strategy, direction, multiple in itertools.product(
        ["BatchLongest", {"Fixed": 12}], ["Left", "Right"], [None, 8]
    ):
        padding = {
            "strategy": strategy,
            "direction": direction,
            "pad_to_multiple_of": multiple,
            "pad_id": 3,
            "pad_type_id": 1,
            "pad_token": "x",
        }
        blocks.append((None, padding))
    blocks.append((blocks[0][0], blocks[-1][1]))
    made = []
    for truncation, padding in blocks:
        file["truncation"] = truncation
        file["padding"] = padding
        tokenizer = tokenizers.Tokenizer.from_str(json.dumps(file))
        rows = []
        for text, pair in TEXTS:
            try:
                rows.append(answer(tokenizer, text, pair))
            except BaseException as error:  # where the reference refuses, ours does not
                rows.append({"text": text, "pair": pair, "error": str(error).split(" (")[0]})
        batch = [e.ids for e in tokenizer.encode_batch([t for t, p in TEXTS if p is None])] if (
            truncation is None or truncation["strategy"] == "LongestFirst"
        ) else None
        made.append({"truncation": truncation, "padding": padding, "rows": rows, "batch": batch})
    return made


golden = {
    "generator": f"goldens/generate/truncation.py with tokenizers {tokenizers.__version__}",
    "file": json.dumps(base()),
    "cases": cases(),
}
path = GOLDENS / "truncation.json"
path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
print(path.name, path.stat().st_size, "bytes")
