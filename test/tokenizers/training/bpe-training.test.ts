import fc from "fast-check";
import { type TieBreak, trainTokenizer } from "orrery-lm/tokenizers";
import { expect, test } from "vitest";
import { naiveMerges } from "./naive-bpe.ts";

const rules: readonly TieBreak[] = ["idMin", "lexMax", "first", "shortLexMin"];
const alphabet = ["a", "b", "c", "é", "中", "\uFB01", "😀"];

/** Words of few characters, so that ties, runs and second derivations are frequent. */
function texts(letters: number): fc.Arbitrary<string[]> {
  const word = fc
    .array(fc.constantFrom(...alphabet.slice(0, letters)), { minLength: 1, maxLength: 12 })
    .map((characters) => characters.join(""));
  return fc.array(word, { minLength: 1, maxLength: 12 });
}

test.each(rules)(
  "the fast trainer learns what the naive one does, ties by %s",
  async (tieBreak) => {
    await fc.assert(
      fc.asyncProperty(
        texts(2),
        texts(7),
        fc.integer({ min: 1, max: 3 }),
        async (some, more, minFrequency) => {
          const all = [...some, ...more];
          const options = { merges: 30, minFrequency, tieBreak };
          const learned: string[] = [];
          await trainTokenizer(all, {
            ...options,
            symbols: "characters",
            onMerge: ({ left, right, count }) => learned.push(`${left} ${right} ${count}`),
          });
          const words = all.map((word) => ({ symbols: Array.from(word), count: 1 }));
          expect(learned).toEqual(naiveMerges(words, options));
        },
      ),
      { seed: 7, numRuns: 400 },
    );
  },
);
