"""Writes src/tokenizers/unicode/tables.gen.ts.

    python scripts/generate-unicode-tables.py > src/tokenizers/unicode/tables.gen.ts

What normalizers and BERT's pre-tokenizer need to know of Unicode, as the `tokenizers` library itself
has it (needs tokenizers 0.23.2): every code point is shown to its components. Its tables are of several
versions of Unicode, and none is that of the JavaScript engine.
"""

import sys

import tokenizers
from tokenizers import normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# Assigned in full, and for so long that no engine differs: taken in to make the runs fewer and longer.
STABLE = [range(0x0, 0x378), range(0x400, 0x530), range(0x3041, 0x3097), range(0x4E00, 0x9FD6)]

nfc, nfd, nfkd = (getattr(normalizers, name)().normalize_str for name in ("NFC", "NFD", "NFKD"))
lower = normalizers.Lowercase().normalize_str
bert_clean = normalizers.BertNormalizer(True, False, False, False).normalize_str
bert_strip = normalizers.BertNormalizer(False, False, True, False).normalize_str
strip_accents = normalizers.StripAccents().normalize_str
bert_split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str


def composing() -> set[int]:
    """Code points that a normalization form changes, moves, or joins with a neighbor."""
    found = {c for block in STABLE for c in block}
    for code_point in CODE_POINTS:
        character = chr(code_point)
        decomposed = nfd(character)
        if decomposed != character or nfkd(character) != character:
            found.add(code_point)
        # U+0334 has the lowest combining class, U+0345 the highest: one of them changes places with a mark.
        if nfd(character + "\u0334") != decomposed + "\u0334" or nfd("\u0345" + character) != "\u0345" + decomposed:
            found.add(code_point)
        if decomposed != character and nfc(character) == character:
            found.update(map(ord, decomposed + nfc(decomposed[:-1])))
    return found


def base36(number: int) -> str:
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return "0123456789abcdefghijklmnopqrstuvwxyz"[number] + digits


def runs_of(code_points: set[int]) -> str:
    runs: list[list[int]] = []
    for code_point in sorted(code_points):
        if runs and runs[-1][1] == code_point - 1:
            runs[-1][1] = code_point
        else:
            runs.append([code_point, code_point])
    parts = []
    before = 0
    for first, last in runs:
        parts.append(base36(first - before) + (f".{base36(last - first)}" if last > first else ""))
        before = last
    return " ".join(parts)


def lowercase_runs() -> str:
    runs: list[list[int]] = []  # first, last, step, distance
    for code_point in CODE_POINTS:
        lowered = lower(chr(code_point))
        if lowered == chr(code_point):
            continue
        if len(lowered) > 1:
            assert (code_point, lowered) == (0x130, "i\u0307")
            continue
        distance = ord(lowered) - code_point
        if runs and runs[-1][3] == distance:
            step = code_point - runs[-1][1]
            if step == runs[-1][2] or (runs[-1][2] == 0 and step <= 2):
                runs[-1][1:3] = [code_point, step]
                continue
        runs.append([code_point, code_point, 0, distance])
    parts = []
    before = 0
    for first, last, step, distance in runs:
        count = (last - first) // step + 1 if step else 1
        sign = "-" if distance < 0 else ""
        parts.append(f"{base36(first - before)}.{base36(count)}.{step}.{sign}{base36(abs(distance))}")
        before = last
    return " ".join(parts)


def literal(text: str) -> str:
    lines = [""]
    for part in text.split(" "):
        if len(lines[-1]) + len(part) > 90:
            lines.append("")
        lines[-1] += part + " "
    lines[-1] = lines[-1].rstrip()
    return " +\n".join(f'  "{line}"' for line in lines)


TABLES = {
    "COMPOSING_RUNS": (
        "What NFC, NFD, NFKC or NFKD change, move or join with a neighbor, by Unicode 9.0, and some"
        "\n * more that no version changes.",
        runs_of(composing()),
    ),
    "MARK_RUNS": ("Marks (M), by Unicode 9.0.", runs_of({c for c in CODE_POINTS if strip_accents(chr(c)) == ""})),
    "NONSPACING_MARK_RUNS": (
        "Nonspacing marks (Mn), by Unicode 8.0.",
        runs_of({c for c in CODE_POINTS if bert_strip(chr(c)) == ""}),
    ),
    "CONTROL_RUNS": (
        "What BERT takes for control characters: Cc, Cf and Co by Unicode 8.0, U+0000, U+FFFD.",
        runs_of({c for c in CODE_POINTS if bert_clean(chr(c)) == ""}),
    ),
    "PUNCTUATION_RUNS": (
        "Punctuation: all ASCII that is no letter, digit or control, and P by Unicode 8.0.",
        runs_of({c for c in CODE_POINTS if len(bert_split(f"a{chr(c)}b")) == 3}),
    ),
}
# A mark of 8.0, one of 9.0, one of 10.0; a capital letter of 17.0.
assert [bert_strip(c) + strip_accents(c) for c in "\u08e3\U0001e000\u1df6"] == ["", "\U0001e000", "\u1df6\u1df6"]
assert lower("\ua7ce") == "\ua7cf"

print(f"""// Generated by scripts/generate-unicode-tables.py with tokenizers {tokenizers.__version__}. Do not edit.
// Runs of code points, base 36, in ascending order: the distance of the first from the last of the run
// before, and, if there is more than one, `.` and the distance of the last from the first.
""")
for name, (description, runs) in TABLES.items():
    print(f"/**\n * {description}\n */" if "\n" in description else f"/** {description} */")
    print(f"export const {name}: string =\n{literal(runs)};\n")
    print(name, runs.count(" ") + 1, "runs", len(runs), "bytes", file=sys.stderr)
print("/**")
print(" * What becomes lower case by Unicode 17.0: the distance of the first from the last before, how many,")
print(" * the step from one to the next, the distance to the lower case. U+0130 becomes two and is left out.")
print(" */")
runs = lowercase_runs()
print(f"export const LOWERCASE_RUNS: string =\n{literal(runs)};")
print("LOWERCASE_RUNS", runs.count(" ") + 1, "runs", len(runs), "bytes", file=sys.stderr)
