/** Texts that break tokenizers, and other code that reads text. */
export const nastyStrings: readonly (readonly [name: string, text: string])[] = [
  ["nothing", ""],
  ["a blank", " "],
  ["a byte order mark", "\ufeffa\ufeff"],
  ["CRLF", "a\r\nb\r\n\r\nc"],
  ["combining marks", "e\u0301a\u0308o\u0302\u0323"],
  ["emoji joined by ZWJ", "👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈"],
  ["Hangul", "한국어 한국어"],
  ["Hangul in jamo", "\u1112\u1161\u11ab"],
  ["right to left", "שלום עולם مرحبا"],
  ["scripts without blanks", "行星转动นี่คือ"],
  ["NUL", "a\0b\0"],
  ["spaces of Unicode", "\u0085\u00a0\u1680\u2003\u2028\u2029\u3000"],
  ["the ends of Unicode", "\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}"],
  ["contractions", "it's we'll I'm 'S 're"],
  ["100,000 blanks", " ".repeat(100_000)],
  ["100,000 blanks before a word", `${" ".repeat(100_000)}x`],
  ["100,000 letters", "a".repeat(100_000)],
  ["names of Object.prototype", "__proto__ constructor toString"],
  ["a special token", "a<|end|>b <|endoftext|>"],
  ["JSON and HTML", `{"a": "<b>\\u0000</b>"}`],
  ["a lone high surrogate", "a\ud800b"],
  ["a lone low surrogate", "\udc00"],
  ["surrogates in the wrong order", "\udc00\ud800"],
];

/** The text as UTF-8 can hold it: each lone surrogate is U+FFFD. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\ufffd");
}
