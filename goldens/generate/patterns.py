"""Writes goldens/tokenizers/patterns.json: what the regular expressions of `tokenizers` 0.23.2 match.

    python goldens/generate/patterns.py > goldens/tokenizers/patterns.json

Patterns by hand, one for each thing that Oniguruma does in its own way, and patterns at random over a
small grammar. A match is written as «…» in the text; the random ones only as the text with U+E000 in
the place of each match, and as pieces.
"""

import json
import random

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__

BY_HAND = [
    ("1 \\p{L} is that of Unicode 16", r"\p{L}+", ["a\u1c89b", "a\U00010940b", "\U000323b0"]),
    ("2 \\s is White_Space", r"\s+", ["a\u0085b", "a\ufeffb", "a\u180eb\u2003\u3000"]),
    ("3 any case with ſ and K", r"(?i:'s|k)", ["'ſ'S's", "kK\u212a"]),
    ("3 any case, several characters", r"(?i)ss", ["ssSSßẞ", "s"]),
    ("3 any case, one for several", r"(?i)[ß]", ["ssSSßẞ"]),
    ("3 any case, ligatures", r"(?i)ffi", ["ffi\ufb03\ufb00i"]),
    ("3 any case, ß then s", r"(?i)ßs", ["sß sss ssß"]),
    ("3 any case, classes", r"(?i)[^a-z]", ["K\u212aſß1"]),
    ("3 any case, a property is as it is", r"(?i)\p{Lu}", ["aA"]),
    ("3 any case, a property in a class is not", r"(?i)[\p{Lu}]", ["aA"]),
    ("3 any case ends with the group", r"(?i:a)b|a(?i)b|c", ["Ab AB aB C c AC ac"]),
    ("8 \\h is a hexadecimal digit", r"\h+", ["afgAF09"]),
    ("8 \\w has ²³¹¼½¾ outside of classes", r"\w+", ["a²b½c_٣\u0301\u200d"]),
    ("8 \\w lacks them in classes", r"[\w]+", ["a²b½c_٣\u0301\u200d"]),
    ("8 \\W", r"\W+", ["a²-"]),
    ("8 [\\W]", r"[\W]+", ["a²-"]),
    ("8 \\p{Word}", r"\p{Word}+", ["a²-"]),
    ("8 [[:word:]]", r"[[:word:]]+", ["a²-"]),
    ("8 ^ at lines", "^", ["a\nb\n", "\n\n"]),
    ("8 $ at lines", "$", ["a\n\n", "a\r\nb"]),
    ("8 \\Z", r"a\Z", ["a\na\n", "a\na"]),
    ("8 \\z", r"a\z", ["a\na\n", "a\na"]),
    ("8 \\A", r"\Aa", ["a\na"]),
    ("8 \\G", r"\Ga|b", ["aab ab"]),
    ("8 \\b", r"\b", ["ab cd", "²a-²"]),
    ("8 \\B", r"\B", ["ab cd"]),
    ("8 .", ".", ["a\r\u0085\u2028\n"]),
    ("8 (?m) is for .", "(?m:.)", ["a\nb"]),
    ("8 (?x)", "(?x) a #c\n [ b]", ["ab a  "]),
    ("8 {,m}", "a{,2}", ["aaab"]),
    ("8 {n}? is optional", "a{2}?", ["aab", "ab"]),
    ("8 {n,m}+ repeats", "a{1,2}+b", ["aaaab"]),
    ("8 {m,n} is possessive", "a{2,1}a", ["aaaa", "aa"]),
    ("8 braces that are none", "a{,}|a{x|a{2", ["a{,}a{xa{2"]),
    ("8 possessive", "a++a|b*+b|c?+c", ["aaabbbccc"]),
    ("8 atomic", "(?>a|ab)c", ["abcac"]),
    ("8 repeated repetitions", "a**|b+?*", ["aabb"]),
    ("8 empty turns of a loop", "(?:|a)*", ["aab"]),
    ("8 empty turns of a loop, last", "(?:a|)*b", ["aab"]),
    ("8 empty turns, lazily", "(?:a*?)*?b", ["aab"]),
    ("8 && in classes", "[a-z&&[^c]]+", ["abcd^"]),
    ("8 && and ^", "[a-z&&^c]+", ["abcd^"]),
    ("8 ^ and &&", "[^a-z&&b]+", ["abc1"]),
    ("8 classes in classes", "[a[^b]]+", ["abc"]),
    ("8 ] and - in classes", r"[]a-]+|[^\]-]", ["]a-b"]),
    ("8 - behind a range", "[0-9-a]+", ["0-a5"]),
    ("8 POSIX classes", "[[:punct:]]+|[[:^alpha:][:alpha:]]", ["a$+.!“€²"]),
    ("8 [[:alpha:]]", "[[:alpha:]]+", ["aé1_\u0345"]),
    ("8 \\p{Punct} is P", r"\p{Punct}", ["a$."]),
    ("8 \\p{^L} and \\P{^L}", r"\p{^L}\P{^L}", ["a1b"]),
    ("8 loose names of properties", r"\p{uppercase letter}\p{UPPERCASE_LETTER}|\p{Hira}|\p{han}|\p{Emoji}", ["aABひ中🪐"]),
    ("8 \\pL is no property", r"\pL", ["apL"]),
    ("8 \\R", r"\R", ["\r\n\n\r\u0085\u2028\u000b"]),
    ("8 \\R is atomic", r"\R\n", ["\r\n"]),
    ("8 \\N and \\O", r"a\Nb|c\Oc", ["a\nbaxb c\nc"]),
    ("8 \\v is U+000B", r"\v", ["\u000b\u000c\n"]),
    ("8 numbers of characters", r"\x41\x{1FA90}\u0042\103\o{104}", ["A🪐BCD"]),
    ("8 bytes of a character", r"\xC3\xA9+", ["éé"]),
    ("8 escapes in classes", r"[\b\t\x41-\x43\R]+", ["\bA\tCRD"]),
    ("8 look-behind of any length", "(?<=ab*|c)d", ["abbdcdd"]),
    ("8 look-behind at a line", "(?<!^a)b", ["ab\nab aab"]),
    ("8 look-ahead", "a(?!b)|(?=c)", ["abaca"]),
    ("8 comments", "a(?#b)c", ["ac"]),
    ("8 groups with names", "(?<x>a)(?'y'b)(c)", ["abc"]),
    ("8 first way that matches", "(?:a|ab)(?:c|bcd)", ["abcd"]),
    ("8 empty matches", "b|(?=c)|", ["abc", "", "🪐b"]),
    ("8 empty matches behind others", "a*", ["baac"]),
    ("6 trailing spaces", r"\s+(?!\S)|\s+", ["a   b  ", "  \n x"]),
    ("5 GPT-4", r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
     ["Hello, World's 12345!!\r\n\r\n  it'ſ  I'LL \u0085\ufeffx  ", "行星🪐 \t\n a\u0301"]),
]  # fmt: skip

ATOMS = r"""a b c s S k é ß 1 ٣ ² \n . \s \S \w \W \d \D \h \p{L} \p{Lu} \p{N} \P{L} \p{^L} [ab] [^ab] [a-c]
[^\s\p{L}] [\w&&[^a]] [a[bc]] [^\r\n\p{L}\p{N}] [[:alpha:]] [[:punct:]] [[:^space:]] \r \R \p{Han} 中
[\p{L}\p{M}] ' x \- [ſK] \N \O""".split() + [" "]
ANCHORS = r"^ $ \A \z \Z \b \B \G".split()
QUANTIFIERS = "* + ? *? +? ?? ++ *+ ?+ {2} {1,2} {,2} {2,} {0,3}? {1,2}+ {2}? {2,1}".split()
CHARACTERS = [*"aabbccsSkKéßſ1٣² \n\r'x-.中ab  aa", "\u212a", "\u0301", "\u200d", "🪐", "ss"]
GROUPS = ["(?:", "(?:", "(?:", "(", "(?>", "(?i:", "(?=", "(?!", "(?m:"]
rnd = random.Random(23)


def random_atom(depth: int) -> str:
    chance = rnd.random()
    if depth == 0 or chance < 0.6:
        return rnd.choice(ATOMS)
    if chance < 0.97:
        return rnd.choice(GROUPS) + random_choice(depth - 1) + ")"
    return rnd.choice(["(?<=", "(?<!"]) + random_choice(0) + ")"


def random_sequence(depth: int) -> str:
    parts = []
    for _ in range(rnd.choice([1, 2, 2, 3])):
        if rnd.random() < 0.08:
            parts.append(rnd.choice(ANCHORS))
            continue
        parts.append(random_atom(depth))
        for chance in (0.45, 0.05):
            if rnd.random() < chance:
                parts.append(rnd.choice(QUANTIFIERS))
    return "".join(parts)


def random_choice(depth: int) -> str:
    return "|".join(random_sequence(depth) for _ in range(rnd.choice([1, 1, 1, 2, 2, 3])))


def pieces(regex: Regex, text: str) -> list[str]:
    return [piece for piece, _ in pre_tokenizers.Split(regex, "isolated").pre_tokenize_str(text)]


def marked(regex: Regex, text: str) -> str:
    return normalizers.Replace(regex, "\ue000").normalize_str(text)


def row(name: str, pattern: str, texts: list[str]) -> dict | None:
    try:
        regex = Regex(pattern)
        results = [{"text": t, "pieces": pieces(regex, t), "marked": marked(regex, t)} for t in texts]
    except BaseException:  # it is broken, or gives up on a text
        return None
    return {"name": name, "pattern": pattern, "results": results}


rows = [row(*case) for case in BY_HAND]
assert None not in rows, [case[1] for case, r in zip(BY_HAND, rows) if r is None]
# A look-behind with an atomic group is refused here, on purpose.
while len(rows) < len(BY_HAND) + 300:
    pattern = random_choice(rnd.choice([1, 2]))
    texts = ["".join(rnd.choice(CHARACTERS) for _ in range(rnd.choice([3, 6, 12]))) for _ in range(3)]
    behind = pattern.split("(?<")[1:]
    made = row("at random", pattern, texts)
    if made and len(pattern) < 80 and not any("+" in part or "\\R" in part or "{2,1}" in part for part in behind):
        rows.append(made)

print(json.dumps({"script": "goldens/generate/patterns.py", "by": f"tokenizers {tokenizers.__version__}"})[:-1] + ', "rows": [')
print(",\n".join(json.dumps(r, ensure_ascii=False) for r in rows))
print("]}")
