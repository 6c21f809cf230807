"""Writes src/tokenizers/unicode/categories.gen.ts and properties.gen.ts: what `\\p{…}` and `(?i)` mean
to Oniguruma. The categories stand apart, as every tokenizer needs them, and the rest only patterns.

    python scripts/generate-unicode-properties.py

Every code point is shown to the regular expressions of the `tokenizers` library (needs tokenizers
0.23.2), so that the tables equal the reference by construction, and to its UnicodeScripts
pre-tokenizer, which has older scripts. That ByteLevel and single_word have the same classes (as has
tiktoken 0.14.0) is asserted. Only the names, and the foldings to several characters, come
from Unicode by way of Python; the latter are then tried too.
"""

import string
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers

assert tokenizers.__version__ == "0.23.2", tokenizers.__version__
UNICODE_VERSION = "16.0"
OUT = Path(__file__).parent.parent / "src/tokenizers/unicode"
CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".split()
SCRIPTS = """Adlam Adlm|Ahom|Anatolian_Hieroglyphs Hluw|Arabic Arab|Armenian Armn|Avestan Avst|Balinese Bali|
Bamum Bamu|Bassa_Vah Bass|Batak Batk|Bengali Beng|Bhaiksuki Bhks|Bopomofo Bopo|Brahmi Brah|Braille Brai|
Buginese Bugi|Buhid Buhd|Canadian_Aboriginal Cans|Carian Cari|Caucasian_Albanian Aghb|Chakma Cakm|Cham|
Cherokee Cher|Chorasmian Chrs|Common Zyyy|Coptic Copt Qaac|Cuneiform Xsux|Cypriot Cprt|Cypro_Minoan Cpmn|
Cyrillic Cyrl|Deseret Dsrt|Devanagari Deva|Dives_Akuru Diak|Dogra Dogr|Duployan Dupl|
Egyptian_Hieroglyphs Egyp|Elbasan Elba|Elymaic Elym|Ethiopic Ethi|Garay Gara|Georgian Geor|Glagolitic Glag|
Gothic Goth|Grantha Gran|Greek Grek|Gujarati Gujr|Gunjala_Gondi Gong|Gurmukhi Guru|Gurung_Khema Gukh|
Han Hani|Hangul Hang|Hanifi_Rohingya Rohg|Hanunoo Hano|Hatran Hatr|Hebrew Hebr|Hiragana Hira|
Imperial_Aramaic Armi|Inherited Zinh Qaai|Inscriptional_Pahlavi Phli|Inscriptional_Parthian Prti|
Javanese Java|Kaithi Kthi|Kannada Knda|Katakana Kana|Kawi|Kayah_Li Kali|Kharoshthi Khar|
Khitan_Small_Script Kits|Khmer Khmr|Khojki Khoj|Khudawadi Sind|Kirat_Rai Krai|Lao Laoo|Latin Latn|
Lepcha Lepc|Limbu Limb|Linear_A Lina|Linear_B Linb|Lisu|Lycian Lyci|Lydian Lydi|Mahajani Mahj|Makasar Maka|
Malayalam Mlym|Mandaic Mand|Manichaean Mani|Marchen Marc|Masaram_Gondi Gonm|Medefaidrin Medf|
Meetei_Mayek Mtei|Mende_Kikakui Mend|Meroitic_Cursive Merc|Meroitic_Hieroglyphs Mero|Miao Plrd|Modi|
Mongolian Mong|Mro Mroo|Multani Mult|Myanmar Mymr|Nabataean Nbat|Nag_Mundari Nagm|Nandinagari Nand|
New_Tai_Lue Talu|Newa|Nko Nkoo|Nushu Nshu|Nyiakeng_Puachue_Hmong Hmnp|Ogham Ogam|Ol_Chiki Olck|Ol_Onal Onao|
Old_Hungarian Hung|Old_Italic Ital|Old_North_Arabian Narb|Old_Permic Perm|Old_Persian Xpeo|
Old_Sogdian Sogo|Old_South_Arabian Sarb|Old_Turkic Orkh|Old_Uyghur Ougr|Oriya Orya|Osage Osge|Osmanya Osma|
Pahawh_Hmong Hmng|Palmyrene Palm|Pau_Cin_Hau Pauc|Phags_Pa Phag|Phoenician Phnx|Psalter_Pahlavi Phlp|
Rejang Rjng|Runic Runr|Samaritan Samr|Saurashtra Saur|Sharada Shrd|Shavian Shaw|Siddham Sidd|
SignWriting Sgnw|Sinhala Sinh|Sogdian Sogd|Sora_Sompeng Sora|Soyombo Soyo|Sundanese Sund|Sunuwar Sunu|
Syloti_Nagri Sylo|Syriac Syrc|Tagalog Tglg|Tagbanwa Tagb|Tai_Le Tale|Tai_Tham Lana|Tai_Viet Tavt|
Takri Takr|Tamil Taml|Tangsa Tnsa|Tangut Tang|Telugu Telu|Thaana Thaa|Thai|Tibetan Tibt|Tifinagh Tfng|
Tirhuta Tirh|Todhri Todr|Toto|Tulu_Tigalari Tutg|Ugaritic Ugar|Vai Vaii|Vithkuqi Vith|Wancho Wcho|
Warang_Citi Wara|Yezidi Yezi|Yi Yiii|Zanabazar_Square Zanb""".replace("\n", "").split("|")

ALL = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def matches(pattern: str, code_points: list[int]) -> set[int]:
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    text = "".join(map(chr, code_points))
    return {c for _, (start, end) in split.pre_tokenize_str(text) for c in code_points[start:end]}


def base36(number: int) -> str:
    digits = string.digits + string.ascii_lowercase
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


def runs_of(members: set[int]) -> str:
    """The form of tables.gen.ts."""
    runs: list[list[int]] = []
    for c in sorted(members):
        if runs and c == runs[-1][1] + 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    parts = []
    last = 0
    for first, end in runs:
        parts.append(base36(first - last) + (f".{base36(end - first)}" if end > first else ""))
        last = end
    return " ".join(parts)


def value_runs(value_of: dict[int, str], default: str) -> str:
    """For each run of equal values its length, if not 1, and its value; over all code points."""
    out: list[tuple[int, str]] = []
    for c in range(0x110000):
        value = value_of.get(c, default)
        if out and out[-1][1] == value:
            out[-1] = (out[-1][0] + 1, value)
        else:
            out.append((1, value))
    return "".join((base36(n) if n > 1 else "") + value for n, value in out)


category: dict[int, str] = {}
for name in CATEGORIES:
    for c in matches(rf"\p{{{name}}}", ALL):
        assert c not in category
        category[c] = name
assert len(category) == len(ALL)
# A letter of 16.0, and one that only 17.0 has.
assert category[0x1C89] == "Lu" and category[0x10940] == "Cn"

assigned = [c for c in ALL if category[c] not in ("Co", "Cn")]
letter_of = {name: string.ascii_uppercase[i] if i < 26 else "!#$"[i - 26] for i, name in enumerate(CATEGORIES)}
categories = value_runs({c: letter_of[name] for c, name in category.items()}, letter_of["Cn"])

script: dict[int, str] = {}
for i, names in enumerate(SCRIPTS):
    for name in names.split():
        Regex(rf"\p{{{name}}}")
    code = string.ascii_uppercase[i // 26] + string.ascii_uppercase[i % 26]
    for c in matches(rf"\p{{{names.split()[0]}}}", assigned):
        assert c not in script
        script[c] = code
assert len(script) == len(assigned)
scripts = value_runs(script, "ZZ")


def category_is(*names: str) -> set[int]:
    return {c for c in assigned if category[c] in names or category[c][0] in names}


binary = {
    "ALPHABETIC": matches(r"\p{Alphabetic}", assigned) ^ category_is("L", "Nl"),
    "LOWERCASE": matches(r"\p{Lowercase}", assigned) ^ category_is("Ll"),
    "UPPERCASE": matches(r"\p{Uppercase}", assigned) ^ category_is("Lu"),
    "EMOJI": matches(r"\p{Emoji}", assigned),
    "EMOJI_PRESENTATION": matches(r"\p{Emoji_Presentation}", assigned),
    # Has unassigned code points too.
    "EXTENDED_PICTOGRAPHIC": matches(r"\p{Extended_Pictographic}", ALL),
}

# What has a regular expression of its own: ByteLevel, and the ends of words around added tokens.
byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
words = Tokenizer(models.BPE())
words.add_tokens([AddedToken("zq", single_word=True)])


def goes_on(before: str, c: int) -> bool:
    return len(byte_level.pre_tokenize_str(before + chr(c))) == 1


alphabetic = category_is("L", "Nl") ^ binary["ALPHABETIC"]
white_space = matches(r"\p{White_Space}", ALL)
word_characters = alphabetic | category_is("M", "Nd", "Pc") | {0x200C, 0x200D}
assert category_is("L", "Nl") <= alphabetic
for c in ALL:
    assert goes_on("a", c) == (category[c][0] == "L"), hex(c)
    assert goes_on("1", c) == (category[c][0] == "N"), hex(c)
    assert goes_on("!", c) == (category[c][0] not in "LN" and c not in white_space), hex(c)
    assert (not words.encode(chr(c) + "zq").ids) == (c in word_characters), hex(c)

# Case: which single characters each character matches.
cased = [c for c in assigned if category[c][0] in "LMNS" and category[c] not in ("Lo", "No", "Nd")]
fold: dict[int, int] = {}
for c in cased:
    if c in fold:
        continue
    same = matches(rf"(?i)\x{{{c:x}}}", cased)
    # Text that matches as several characters is seen below; here each stands alone.
    same = {d for d in same if d == c or not matches(rf"(?i)\A\x{{{c:x}}}\z", [d]) == set()}
    if len(same) > 1:
        # The representative is what most of a class fold to in Unicode.
        target = max(same, key=lambda d: ([chr(e).casefold() for e in same].count(chr(d)), -d))
        for d in same:
            fold[d] = target
pairs = sorted((c, target - c) for c, target in fold.items() if c != target)
groups: list[list[int]] = []  # first, count, stride, delta
for c, delta in pairs:
    if groups:
        first, count, stride, d = groups[-1]
        step = c - (first + (count - 1) * stride)
        if d == delta and ((count == 1 and step in (1, 2)) or (count > 1 and step == stride)):
            groups[-1] = [first, count + 1, step, d]
            continue
    groups.append([c, 1, 1, delta])
folds = " ".join(
    f"{base36(first)}.{base36(count)}.{stride}.{'-' if delta < 0 else ''}{base36(abs(delta))}"
    for first, count, stride, delta in groups
)
several = {c: chr(c).casefold() for c in cased if len(chr(c).casefold()) > 1}
for c, text in several.items():
    whole = pre_tokenizers.Split(Regex(rf"(?i)\A\x{{{c:x}}}\z"), "removed")
    assert whole.pre_tokenize_str(text) == [], (hex(c), text)
several_text = " ".join(
    f"{base36(c)}.{'.'.join(base36(ord(d)) for d in text)}" for c, text in several.items()
)

old = pre_tokenizers.UnicodeScripts()


def joins(c: int, around: str) -> bool:
    return len(old.pre_tokenize_str(f"{around}{chr(c)}{around}")) == 1


# UnicodeScripts knows no script for these, which is "Any".
unknown = {c for c in assigned if c != 0x20 and joins(c, "a") and joins(c, "\u03b1")}
known = [c for c in assigned if c not in unknown and c != 0x20]
# "A script" of its own for those that changed it since.
representative = {}
for c in known:
    representative.setdefault(script[c], c)


def is_like(c: int, d: int) -> bool:
    return len(old.pre_tokenize_str(chr(c) + chr(d))) == 1


joined = {names.split()[0]: string.ascii_uppercase[i // 26] + string.ascii_uppercase[i % 26] for i, names in enumerate(SCRIPTS)}
HAN = joined["Han"]
moved = {}
for c in known:
    now = HAN if script[c] in (joined["Hiragana"], joined["Katakana"]) or c == 0x30FC else script[c]
    if not is_like(representative[now], c):
        moved[c] = next(code for code, r in representative.items() if is_like(r, c))
print("scripts that changed:", {hex(c): code for c, code in moved.items()})


def wrapped(text: str) -> str:
    lines = []
    while text:
        cut = len(text) if len(text) <= 96 else 96
        lines.append(text[:cut])
        text = text[cut:]
    return " +\n".join(f'  "{line}"' for line in lines)


def table(name: str, doc: str, text: str) -> str:
    comment = "\n".join([f"/**", *(f" * {line}" for line in doc.split("\n")), " */"]) if "\n" in doc else f"/** {doc} */"
    return f"{comment}\nexport const {name}: string =\n{wrapped(text)};\n"


HEAD = (
    f"// Generated by scripts/generate-unicode-properties.py with tokenizers {tokenizers.__version__}. Do not edit.\n"
    f"// Unicode {UNICODE_VERSION}. Numbers are base 36; runs of code points are those of tables.gen.ts.\n"
)
CATEGORY_PARTS = [
    HEAD,
    "/** The version of Unicode whose letters, numbers, spaces and word characters these are. */\n"
    f'export const UNICODE_VERSION: string = "{UNICODE_VERSION}";\n',
    table("CATEGORY_NAMES", "The general categories.", " ".join(CATEGORIES)),
    table(
        "CATEGORY_RUNS",
        "For each run of one category its length, if not 1, and a character for the category: A–Z, !, #, $ in\n"
        "the order of the names. Surrogates count as unassigned.",
        categories,
    ),
    table("ALPHABETIC_RUNS", "Alphabetic, but not L and Nl; or the other way round.", runs_of(binary["ALPHABETIC"])),
]
PROPERTY_PARTS = [
    HEAD,
    table("SCRIPT_NAMES", "The scripts, each with its other names.", "|".join(SCRIPTS)),
    table(
        "SCRIPT_RUNS",
        "For each run of one script its length, if not 1, and two letters: AA, AB, … in the order of the names;\n"
        "ZZ for none.",
        scripts,
    ),
    table("LOWERCASE_RUNS", "Lowercase, but not Ll; or the other way round.", runs_of(binary["LOWERCASE"])),
    table("UPPERCASE_RUNS", "Uppercase, but not Lu; or the other way round.", runs_of(binary["UPPERCASE"])),
    table("EMOJI_RUNS", "Emoji.", runs_of(binary["EMOJI"])),
    table("EMOJI_PRESENTATION_RUNS", "Emoji_Presentation.", runs_of(binary["EMOJI_PRESENTATION"])),
    table("EXTENDED_PICTOGRAPHIC_RUNS", "Extended_Pictographic.", runs_of(binary["EXTENDED_PICTOGRAPHIC"])),
    table(
        "CASE_FOLDS",
        "Characters that match each other in any case: `first.count.stride.distance`, where the distance leads\n"
        "to the one that stands for all of a class.",
        folds,
    ),
    table("LONG_CASE_FOLDS", "Characters that match several ones in any case, and those.", several_text),
    table(
        "OLD_SCRIPTLESS_RUNS",
        "Assigned code points that have no script yet for UnicodeScripts.",
        runs_of(unknown),
    ),
]
(OUT / "categories.gen.ts").write_text("\n".join(CATEGORY_PARTS))
(OUT / "properties.gen.ts").write_text("\n".join(PROPERTY_PARTS))
