import { Tokenizer, compare } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { golden } from "./golden.ts";

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const byteLevel = await Tokenizer.load(new TextEncoder().encode(golden.written));
const words = await Tokenizer.load(
  encode({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: {
      type: "BertProcessing",
      sep: ["the", 1],
      cls: ["the", 1],
    },
    decoder: null,
    model: { type: "WordLevel", unk_token: "?", vocab: { "?": 0, the: 1, moon: 2, never: 3 } },
  }),
);

describe("compare", () => {
  test("counts by hand", () => {
    const [measured] = compare(["the moon", "the  🌙é"], [words]);
    // p = 2/4 for "the", 1/4 for "moon" and for "?".
    const renyi = Math.log(0.5 ** 2.5 + 2 * 0.25 ** 2.5) / -1.5 / Math.log(4);
    expect(measured).toEqual({
      vocabSize: 4,
      tokens: 4,
      words: 4,
      characters: 15,
      bytes: 8 + 11,
      fertility: 1,
      charactersPerToken: 15 / 4,
      bytesPerToken: 19 / 4,
      unknownRate: 1 / 4,
      vocabularyUsed: 3 / 4,
      renyiEfficiency: expect.closeTo(renyi, 12),
      roundTrip: 1 / 2,
    });
  });

  test("white space is that of Unicode: U+0085 is, U+FEFF is none", () => {
    expect(compare(["a\u0085b\ufeffc"], [words])[0]!.words).toBe(2);
  });

  test("bytes know everything and bring everything back", () => {
    const texts = ["the moon", "行星 🪐", "", "\ud800"];
    const [bytes, word] = compare(texts, [byteLevel, words]);
    expect(bytes).toMatchObject({ unknownRate: 0, roundTrip: 1, tokens: expect.any(Number) });
    expect(bytes!.tokens).toBe(
      texts.reduce((sum, text) => sum + byteLevel.count(text, { addSpecialTokens: false }), 0),
    );
    expect(word!.roundTrip).toBe(0.5);
  });

  test("an even use of the vocabulary is the best", () => {
    const [even] = compare(["? the moon never"], [words]);
    expect(even!.renyiEfficiency).toBeCloseTo(1, 12);
  });

  test("nothing to measure is no error", () => {
    const [none] = compare([], [words]);
    expect(Object.values(none!).every((value) => Number.isFinite(value))).toBe(true);
  });
});
