"""What other trainers of BPE learn from small texts of ours.

    python goldens/generate/bpe-training.py        (tokenizers 0.23.2, tiktoken 0.14.0)

Writes goldens/tokenizers/bpe-training.json: merges as "left right", tokens of tiktoken as lists of
bytes. Of vocabularies with a prefix or a suffix only the merges are kept, for there the ids of
`tokenizers`, and with them its ties, change from run to run: no two pairs are equally frequent here
while it matters.
"""

import json
import pathlib

import tiktoken
import tokenizers
from tiktoken import _educational
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TOY = ["low low low low low", "lower lower", "newest newest newest newest newest newest", "widest widest widest"]
PROSE = [
    "An orrery shows how the planets turn around the sun.",
    "Turn the handle: the sun stays, the planets turn, and the moons turn around the planets.",
    "行星绕太阳转，月亮绕行星转。转一转把手，行星就转。",
    "aaaa aaa aaaaaaa aa haha hahaha",
]
WORDS = "abcabc abcab abc abc ab ab ab xabc xabc"


def theirs(name, texts, affixes=None, **options):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(show_progress=False, **{"vocab_size": 1000, **options, **(affixes or {})})
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    row = {"name": name, "texts": texts, "options": {**options, **(affixes or {})}}
    row["merges"] = [" ".join(merge) for merge in model["merges"]]
    if affixes is None:
        row["tokens"] = sorted(model["vocab"], key=model["vocab"].get)
    return row


rows = [
    theirs("toy", TOY, min_frequency=2),
    theirs("prose", PROSE, min_frequency=2, vocab_size=80),
    theirs("all pairs, runs", PROSE, min_frequency=0),
    theirs("special tokens that are merges", PROSE, min_frequency=2, special_tokens=["<s>", "th", "a", "aa"]),
    theirs("an initial alphabet", PROSE, min_frequency=3, initial_alphabet=["Z", "中文", "😀"]),
    theirs("a limited alphabet", ["aaa aab abd abd bbc c", "abcabd abd"], min_frequency=1, limit_alphabet=3),
    theirs("64 max_token_length", PROSE, min_frequency=2, max_token_length=4),
    theirs("64 a prefix", [WORDS], {"continuing_subword_prefix": "##"}, min_frequency=1),
    theirs("64 a suffix", [WORDS], {"end_of_word_suffix": "</w>"}, min_frequency=1),
    theirs("64 both", [WORDS], {"continuing_subword_prefix": "##", "end_of_word_suffix": "</w>"}, min_frequency=1),
]

PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
educational = []
for text, merges in (("\n".join(PROSE), 60), ("low low low low low lower lower newest newest widest", 12)):
    ranks = _educational.bpe_train(text, 256 + merges, PATTERN, visualise=None)
    tokens = [list(token) for token, rank in sorted(ranks.items(), key=lambda item: item[1])[256:]]
    educational.append({"text": text, "merges": merges, "tokens": tokens})

out = pathlib.Path(__file__).parent.parent / "tokenizers" / "bpe-training.json"
script = "goldens/generate/bpe-training.py"
versions = {"tokenizers": tokenizers.__version__, "tiktoken": tiktoken.__version__}
document = {"script": script, "versions": versions, "tokenizers": rows, "tiktoken": educational}
out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
