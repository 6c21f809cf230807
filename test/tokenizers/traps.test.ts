import { expect, test } from "vitest";
import { addedTokens } from "./traps/added-tokens.ts";
import { blanksAndDecoding } from "./traps/blanks-and-decoding.ts";
import { bpeTraps } from "./traps/bpe.ts";
import { javascript } from "./traps/javascript.ts";
import { normalizers } from "./traps/normalizers.ts";
import { splitting } from "./traps/splitting.ts";
import { training } from "./traps/training.ts";
import { unigramTraps } from "./traps/unigram.ts";

// The 75 places where exactness is lost, each by its number; what else the reference shows is in the
// goldens, whose cases bear the same numbers.

const traps = [
  ...splitting,
  ...bpeTraps,
  ...addedTokens,
  ...normalizers,
  ...blanksAndDecoding,
  ...unigramTraps,
  ...training,
  ...javascript,
];

test.each(traps)("%s", async (_name, actual, expected) => {
  expect(await actual()).toEqual(expected);
});

test("no number from 1 to 75 is missing", () => {
  const numbers = new Set(traps.map(([name]) => Number.parseInt(name, 10)));
  const all = Array.from({ length: 75 }, (_, i) => i + 1);
  expect(all.filter((number) => !numbers.has(number))).toEqual([]);
});
