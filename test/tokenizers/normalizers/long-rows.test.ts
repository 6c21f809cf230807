import fc from "fast-check";
import type { Tokenizer } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, test } from "vitest";
import { loadWith } from "../golden.ts";

// Of many combining classes, one that is a starter, and some that fall apart.
const MARKS = Array.from(
  "\u0301\u0323\u0334\u0345\u0327\u05b0\u064b\u093c\u093e\u3099\uff9e\u0344\u0f73a",
);

describe.each(["NFC", "NFD", "NFKC", "NFKD"])("%s of a long row of marks", (form) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadWith({ normalizer: { type: form } });
  });

  test("is what the engine makes of it", () => {
    const rows = fc.array(fc.constantFrom(...MARKS), { minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(rows, (marks) => {
        const text = marks.join("");
        // A byte-level tokenizer decodes what its normalizer made of a text.
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.normalize(form));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("33 takes no quadratic time", () => {
    const text = "\u0301\u0323".repeat(100_000);
    const sorted = "\u0323".repeat(100_000) + "\u0301".repeat(100_000);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(sorted);
    expect(tokenizer.encodeFull(text).offsets.length).toBe(tokenizer.count(text));
  });
});
