import type { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { families } from "./families.ts";

// User text is never an error and never takes quadratic time, whatever the tokenizer. The contract has
// what comes out; here it is long.

const LENGTH = 20_000;
const LONG: readonly (readonly [name: string, unit: string])[] = [
  ["letters", "a"],
  ["blanks", " "],
  ["Chinese", "\u4e2d"],
  ["emoji", "\ud83e\ude90"],
  ["combining marks", "\u0301\u0323"],
  ["joined emoji", "\ud83d\udc69\u200d"],
  ["lone surrogates", "\udc00\ud800"],
  ["NUL", "\0"],
  ["byte order marks", "\ufeff"],
  ["digits", "1234567890"],
  ["apostrophes", "'s"],
  ["blanks of SentencePiece", "\u2581"],
  ["starts of special tokens", "<|en"],
  ["special tokens", "<|end|>[MASK]<unk></s>"],
];

describe.each(families)("$name", async ({ load }) => {
  const tokenizer = await load();

  test.each(LONG)(`${LENGTH} units of %s in one line`, (_name, unit) => {
    const text = unit.repeat(LENGTH / unit.length);
    expect(breaches(tokenizer, text)).toEqual([]);
  });

  test("no ids are an error", () => {
    const ids = [0, 1, tokenizer.vocabSize, 2 ** 24, 2 ** 31, 2 ** 32 - 1, -1, 0.5, NaN, Infinity];
    expect(tokenizer.decode([...ids, ...ids])).toBeTypeOf("string");
    expect(tokenizer.decode(new Float64Array(ids), { skipSpecialTokens: true })).toBeTypeOf(
      "string",
    );
  });
});

test.each([
  "a trained byte-level BPE",
  "ranks, cut as cl100k",
  "BPE of characters: 24 bytes of a character",
  "WordPiece: 42 uncased",
  "Unigram: 60 61 plain",
  "SentencePiece: unigram",
  "SentencePiece: bpe with bytes",
])(
  "%s: 20 MB in one line",
  async (name) => {
    const tokenizer = await families.find((family) => family.name === name)!.load();
    const line = "A planet turns, an \u00e9toile \u884c\u661f \ud83e\ude90 12345 it's; ";
    expect(tokenizer.count(line.repeat((20 << 20) / line.length))).toBeGreaterThan(1_000_000);
  },
  120_000,
);

/** What does not agree. */
function breaches(tokenizer: Tokenizer, text: string): string[] {
  const ids = tokenizer.encode(text, { specialTokens: "match" });
  const full = tokenizer.encodeFull(text, undefined, { specialTokens: "match" });
  const stream = tokenizer.encodeStream({ specialTokens: "match" });
  const streamed: number[] = [];
  for (let at = 0; at < text.length; at += 997) {
    for (const id of stream.push(text.slice(at, at + 997))) streamed.push(id);
  }
  for (const id of stream.end()) streamed.push(id);
  const chunks = tokenizer.split(text, { maxTokens: tokenizer.count("") + 5000 });
  const holds = {
    "the ids of encodeFull": isSame(ids, full.ids),
    "the ids of encodeStream": isSame(ids, streamed),
    "the chunks of split": chunks.map((chunk) => chunk.text).join("") === text,
    truncated: text.startsWith(tokenizer.truncate(text, 1000)),
    "truncated on the left": text.endsWith(tokenizer.truncate(text, 1000, "left")),
    decoded: typeof tokenizer.decode(ids) === "string",
  };
  return Object.entries(holds)
    .filter(([, isTrue]) => !isTrue)
    .map(([name]) => name);
}

function isSame(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
