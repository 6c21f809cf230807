import { type RandomStream, random } from "orrery-lm/base";

/** Makes text number 0, 1, 2, … of a seed: short, and full of what tokenizers trip over. */
export function makeRandomTexts(
  seed: number,
  { samples, specials }: { readonly samples: string; readonly specials: readonly string[] },
): (number: number) => string {
  const units = [...STRINGS, ...specials];
  return (number) => {
    const draw = random(seed, "text", number);
    const parts = Array.from({ length: 1 + below(draw, 12) }, () => part(draw, units, samples));
    return parts.join("");
  };
}

// Where tokenizers differ: contractions in every case, digits, blanks of all kinds, marks, joiners,
// case that changes length, characters that normalization takes apart, joins or drops.
const STRINGS: readonly string[] = [
  Array.from("aAbBeEnNsStTzZ019 \t\n\r'\".,;:!?()[]{}<>/\\|@#$%^&*-_=+~`"),
  ["  ", "    ", "\r\n", "\n\n", " \n ", "'s", "'S", "'ll", "'RE", "'\u017f", "\u212a", "ſt"],
  ["the", "The", " the", "ing", "12", "1234", "３", "Ⅷ", "²", "¾", "½", "１２"],
  ["\u0000", "\u0007", "\u0085", "\u00a0", "\u00ad", "\u1680", "\u180e", "\u2003", "\u2028"],
  ["\u200b", "\u200c", "\u200d", "\u2060", "\u3000", "\ufeff", "\ufffd", "\ufffc", "\ue000"],
  ["é", "e\u0301", "ﬁ", "ß", "ẞ", "İ", "ı", "Σ", "ς", "ǅ", "ő", "Å", "ŉ", "ﷺ", "℃", "①"],
  ["\u0300", "\u0301\u0323", "\u0483", "\u20dd", "\ufe0f", "\u093f", "\u0e33", "\u05b4"],
  ["中", "国", "行星", "々", "〇", "ー", "ヴ", "ｶﾞ", "か\u3099", "한", "국어", "\u1112\u1161\u11ab"],
  ["ก็", "ที่", "สวัสดี", "नमस्ते", "தமிழ்", "বাংলা", "မြန်မာ", "ខ្មែរ", "שלום", "مرحبا", "يونيكود"],
  ["Привет", "ёж", "Ελληνικά", "Հայ", "ქართ", "አማ", "🪐", "👩‍🚀", "🏳️‍🌈", "🇫🇷🇩🇪", "👍🏽", "☃", "𝒜", "𐀀"],
  [
    "▁",
    "▁▁",
    "▁a",
    "##",
    "##s",
    "</w>",
    "<0x41>",
    "Ġ",
    "Ċ",
    "[UNK]",
    "##[",
    "｡",
    "、",
    "。",
    "！",
    "“",
    "”",
  ],
  ["https://a.bc/d?e=f", "x_1", "fooBar", "HTTPServer", "i++", "\\u0041", "&amp;", "#!/bin/sh"],
  ["\ud800", "\udfff", "\u{10ffff}", "\u{e0001}", "\u{1f1e6}", "\u{10940}", "\u{16ea0}"],
].flat();

function part(draw: RandomStream, units: readonly string[], samples: string): string {
  const kind = below(draw, 20);
  if (kind < 12) return units[below(draw, units.length)]!;
  if (kind < 15) return units[below(draw, units.length)]!.repeat(1 + below(draw, 5));
  if (kind < 18) {
    const start = below(draw, samples.length);
    return samples.slice(start, start + 1 + below(draw, 24));
  }
  // Any code point, a planet of its own now and then.
  return String.fromCodePoint(below(draw, kind === 18 ? 0x3000 : 0x110000));
}

function below(draw: RandomStream, limit: number): number {
  return draw.uint32() % limit;
}
