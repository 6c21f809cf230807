import fc from "fast-check";
import { ConfigError } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it, test } from "vitest";
import { loadModel, sentencePieceCases } from "./sentencepiece-golden-models.ts";

const cases = sentencePieceCases.filter(({ nbest }) => nbest.length > 0);

describe.each(cases)("SentencePiece 0.2.2: $name", (one) => {
  it.each(one.nbest)("has the best ways of $text", async ({ text, best }) => {
    const found = (await loadModel(one)).nBest(text, 6);
    expect(found.map(({ score }) => score)).toEqual(best.map(([, score]) => score));
    // Ways with the same score stand in any order, and the last of them may be others.
    const byScore = (score: number): string[] =>
      best.filter((way) => way[1] === score).map(([ids]) => ids.join(" "));
    for (const { ids, score } of found.filter((way) => way.score !== best.at(-1)![1])) {
      expect(byScore(score)).toContain(ids.join(" "));
    }
  });
});

// Scores with sums that are exact, of all segmentations of "a" and "b" that a reader can list.
const PIECES: readonly (readonly [string, number])[] = [
  ["a", -1.5],
  ["b", -2.25],
  ["aa", -2.5],
  ["ab", -3],
  ["ba", -4.5],
  ["aba", -5],
];
const UNK = -15;

const small = await Tokenizer.load(
  new TextEncoder().encode(
    JSON.stringify({
      pre_tokenizer: { type: "WhitespaceSplit" },
      model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0], ...PIECES] },
    }),
  ),
);

/** All ways to segment a text without blanks, with their scores, in no order. */
function enumerate(text: string): { ids: number[]; score: number }[] {
  if (text === "") return [{ ids: [], score: 0 }];
  const first = Array.from(text)[0]!;
  const isToken = PIECES.some(([piece]) => piece === first);
  const choices = PIECES.map(([piece, score], i) => ({ piece, score, id: i + 1 }));
  if (!isToken) choices.push({ piece: first, score: UNK, id: 0 });
  return choices
    .filter(({ piece }) => text.startsWith(piece))
    .flatMap(({ piece, score, id }) =>
      enumerate(text.slice(piece.length)).map((rest) => ({
        ids: [id, ...rest.ids].filter((at, i, all) => !(at === 0 && all[i + 1] === 0)),
        score: score + rest.score,
      })),
    );
}

/** Those of a text of several words. */
function enumerateWords(text: string): { ids: number[]; score: number }[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map(enumerate)
    .reduce(
      (before, ways) =>
        before.flatMap((a) =>
          ways.map((b) => ({ ids: [...a.ids, ...b.ids], score: a.score + b.score })),
        ),
      [{ ids: [] as number[], score: 0 }],
    );
}

test("the best ways are the best of all ways", () => {
  const texts = fc
    .array(fc.constantFrom("a", "b", "ab", "ba", "x", " "), { maxLength: 7 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, count) => {
      const all = enumerateWords(text).toSorted((a, b) => b.score - a.score);
      const found = small.nBest(text, count);
      expect(found.map(({ score }) => score)).toEqual(
        all.slice(0, count).map(({ score }) => score),
      );
      const known = new Set(all.map(({ ids, score }) => `${ids.join(" ")}: ${score}`));
      const keys = found.map(({ ids, score }) => `${ids.join(" ")}: ${score}`);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) expect(known).toContain(key);
    }),
    { numRuns: 300, seed: 1 },
  );
});

/** How far draws are from what is expected of them: the sum of (seen - expected)² / expected. */
function chiSquare(text: string, options: { alpha: number; nBestSize?: number }): number {
  const draws = 20_000;
  const ways = enumerateWords(text)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, options.nBestSize);
  const weights = ways.map(({ score }) => Math.exp(options.alpha * score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = new Map(ways.map(({ ids }) => [ids.join(" "), 0]));
  for (let seed = 0; seed < draws; seed++) {
    const key = small.sample(text, { seed, ...options }).join(" ");
    // A way that must not be drawn makes the sum infinite.
    counts.set(key, (counts.get(key) ?? Infinity) + 1);
  }
  return [...counts.values()].reduce((sum, count, i) => {
    const wanted = ((weights[i] ?? 0) / total) * draws;
    return sum + (count - wanted) ** 2 / wanted;
  }, 0);
}

// With so many degrees of freedom, chance alone exceeds the limit once in 1000 draws; seeds are fixed.
test.each<[string, { alpha: number; nBestSize?: number }, number, number]>([
  ["aaba", { alpha: 1 }, 6, 20.52],
  ["aaba", { alpha: 0.2 }, 6, 20.52],
  ["aaba", { alpha: 0 }, 6, 20.52],
  ["aba ab", { alpha: 0.5 }, 8, 24.32],
  ["aaba", { alpha: 0.5, nBestSize: 3 }, 6, 13.82],
  ["axa", { alpha: 1 }, 1, 0.01],
])("samples of %j with %j have the right shares", (text, options, ways, limit) => {
  expect(enumerateWords(text).length).toBe(ways);
  expect(chiSquare(text, options)).toBeLessThan(limit);
});

test("equal seeds draw equally", () => {
  const draw = (seed: number): string => small.sample("aabaabaab", { seed }).join(" ");
  expect(draw(3)).toBe(draw(3));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(seed))).size).toBeGreaterThan(5);
});

test("the best of one way is what encode gives, at any length", async () => {
  for (const tokenizer of await Promise.all(cases.map(loadModel))) {
    const text = "the planets turn ☃ aaaaaaaaaaaa ".repeat(200);
    const [best] = tokenizer.nBest(text, 3);
    expect(tokenizer.decode(best!.ids)).toBe(tokenizer.decode(tokenizer.encode(text)));
    expect(tokenizer.nBest(text, 3).length).toBe(3);
  }
});

test.each([
  ["nBest of no ways", () => small.nBest("a", 0), "whole number from 1 to 1024, got 0"],
  ["nBest of 1.5 ways", () => small.nBest("a", 1.5), "got 1.5"],
  ["nBest of too long a text", () => small.nBest("a".repeat(1 << 17), 1024), "65536 bytes of text"],
  [
    "a negative alpha",
    () => small.sample("a", { seed: 1, alpha: -1 }),
    "alpha: expected 0 or more",
  ],
  ["no ways to draw from", () => small.sample("a", { seed: 1, nBestSize: 0 }), "nBestSize"],
])("refuses %s", (_name, act, message) => {
  expect(act).toThrow(ConfigError);
  expect(act).toThrow(message);
});

test("SentencePiece BPE has no probabilities, but drops merges; characters have one way", async () => {
  const find = (wanted: string): Promise<Tokenizer> =>
    loadModel(sentencePieceCases.find(({ name }) => name === wanted)!);
  const bpe = await find("bpe that keeps everything");
  const text = "the planets turn";
  expect(() => bpe.nBest(text, 2)).toThrow("only a unigram model");
  expect(bpe.sample(text, { seed: 1, dropout: 0 })).toEqual(bpe.encode(text));
  expect(bpe.sample(text, { seed: 1, dropout: 1 }).length).toBe(text.length);
  const char = await find("char");
  expect(() => char.sample(text, { seed: 1 })).toThrow("one way only");
});
