"""Writes goldens/tokenizers/sentencepiece-training.json: what SentencePiece 0.2.2 learns.

    python goldens/generate/sentencepiece-training.py > goldens/tokenizers/sentencepiece-training.json

It trains on the text below, which was written for this purpose, with one thread: the result of its
Unigram trainer depends on the number of threads. Scores are 32-bit floats.
"""

import io
import json

import sentencepiece
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

assert sentencepiece.__version__ == "0.2.2", sentencepiece.__version__

LINES = [
    "The planet turns, and the little brass planet in the orrery turns with it.",
    "Turn the handle once: the Earth goes round the Sun in 12 seconds, the Moon in 1.",
    "It's small, it's exact, and you'll see that the outer planets aren't in a hurry.",
    "In 1704 George Graham built one; by 1712 there were 3 or 4 in London.",
    "for (let i = 0; i < planets.length; i++) turn(planets[i], 360 / periods[i]);",
    "行星转动，小小的黄铜行星也跟着转动。转动手柄，地球绕着太阳转。",
    "惑星がまわる。ちいさな惑星もコーヒーのようにまわる。",
    "Планеты вращаются, и маленькие планеты вращаются вместе с ними.",
    "Los planetas giran; el pequen\u0303o planeta de lato\u0301n gira tambie\u0301n. ¡Man\u0303ana ma\u0301s!",
    "  spaces   at   both   ends  ",
    "ＦＵＬＬ　ＷＩＤＴＨ １２３ ﬁne ½ ｶﾞ",
    "🪐🌍🌙 🪐🌍🌙",
    "a<sep>b<sep>c <mask> planet<sep>planet",
    "aaaaaaaaaaaaaaaa aaaaaaaa aaaa aaa bbbbbbbb",
    "tab\tand\u200bzero width",
    "",
]
# No two stretches of sentences are equal up to the end: SentencePiece finds nothing in those.
SENTENCES = LINES + LINES[::-1] + LINES[:7] + ["What has an end ends here."]
SMALL = ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3

# Compiling the rules takes longer than all else.
PLAIN = {"normalization_rule_name": "identity"}
CASES = [
    ("unigram", {"vocab_size": 150}),
    ("unigram", {**PLAIN, "vocab_size": 120, "character_coverage": 0.98, "byte_fallback": False}),
    ("unigram", {**PLAIN, "vocab_size": 420, "byte_fallback": True, "character_coverage": 0.99}),
    ("unigram", {**PLAIN, "vocab_size": 150, "user_defined_symbols": ["<sep>", "planet"], "control_symbols": ["<mask>", "<s>"]}),
    ("unigram", {"vocab_size": 160, "split_digits": True, "normalization_rule_name": "identity", "add_dummy_prefix": False, "remove_extra_whitespaces": False}),
    ("unigram", {**PLAIN, "vocab_size": 150, "treat_whitespace_as_suffix": True}),
    ("unigram", {**PLAIN, "vocab_size": 150, "split_by_whitespace": False, "max_sentencepiece_length": 8}),
    ("unigram", {"vocab_size": 150, "normalization_rule_name": "nmt_nfkc_cf", "num_sub_iterations": 1, "shrinking_factor": 0.6}),
    ("unigram", {**PLAIN, "vocab_size": 150, "split_by_unicode_script": False, "split_by_number": False}),
    ("unigram", {**PLAIN, "vocab_size": 160, "allow_whitespace_only_pieces": True, "remove_extra_whitespaces": False}),
    ("unigram", {**PLAIN, "vocab_size": 76, "max_sentence_length": 70, "required_chars": "ß中"}),
    ("unigram", {**PLAIN, "vocab_size": 150, "seed_sentencepiece_size": 60}),
    ("bpe", {**PLAIN, "vocab_size": 200}),
    ("bpe", {**PLAIN, "vocab_size": 150, "split_by_number": False, "max_sentencepiece_length": 4}),
    ("bpe", {**PLAIN, "vocab_size": 430, "byte_fallback": True, "character_coverage": 0.98, "unk_id": 3, "bos_id": -1, "eos_id": 0, "pad_id": 1}),
    ("bpe", {"vocab_size": 180, "treat_whitespace_as_suffix": True, "normalization_rule_name": "nfkc"}),
    ("bpe", {**PLAIN, "vocab_size": 180, "split_by_whitespace": False, "split_digits": True}),
    ("bpe", {"vocab_size": 180, "allow_whitespace_only_pieces": True, "remove_extra_whitespaces": False, "normalization_rule_name": "nfkc_cf"}),
    ("bpe", {**PLAIN, "vocab_size": 160, "user_defined_symbols": ["<sep>", "ар", "</s>"], "split_by_unicode_script": False}),
    ("bpe", {**PLAIN, "vocab_size": 3000, "hard_vocab_limit": False}),
]  # fmt: skip


def train(algorithm: str, options: dict, sentences: list[str] = SENTENCES) -> list:
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        model_type=algorithm,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    processor = SentencePieceProcessor(model_proto=model.getvalue())
    size = processor.get_piece_size()
    return [[processor.id_to_piece(i), processor.get_score(i)] for i in range(size)]


golden = {
    "script": "goldens/generate/sentencepiece-training.py",
    "by": f"sentencepiece {sentencepiece.__version__}, 1 thread",
    "sentences": SENTENCES,
    "small": {"sentences": SMALL, "vocabSize": 30, "pieces": train("bpe", {**PLAIN, "vocab_size": 30}, SMALL)},
}
print("{")
for key, value in golden.items():
    print(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)},")
rows = []
for algorithm, options in CASES:
    row = {"algorithm": algorithm, "options": options, "pieces": train(algorithm, options)}
    rows.append(json.dumps(row, ensure_ascii=False))
print(' "cases": [\n' + ",\n".join(rows) + "\n ]\n}")
