import fc from "fast-check";
import { ConfigError } from "orrery-lm/base";
import {
  type MergeStep,
  Tokenizer,
  type TrainTokenizerOptions,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import * as reference from "tokenizers";
import { describe, expect, test } from "vitest";
import {
  type NaiveGain,
  type NaiveWord,
  joinEverywhere,
  likelihoodGains,
  ratioScores,
} from "./naive-word-piece.ts";

const wordPiece = { algorithm: "wordpiece", vocabSize: 1000 } as const;

/** hug × 10, pug × 5, pun × 12, bun × 4, hugs × 5. */
const hugs = [...Array(10).fill("hug"), ...Array(5).fill("pug"), ...Array(12).fill("pun")]
  .concat(Array(4).fill("bun"), Array(5).fill("hugs"))
  .map(String);

async function stepsOf(
  texts: readonly string[],
  options: Omit<Extract<TrainTokenizerOptions, { algorithm: "wordpiece" }>, "onMerge">,
): Promise<MergeStep[]> {
  const steps: MergeStep[] = [];
  await trainTokenizer(texts, { ...options, onMerge: (step) => steps.push(step) });
  return steps;
}

describe("the scores choose differently", () => {
  test.each([
    ["likelihood", "##u ##g", 28.02, 20],
    ["ratio", "##g ##s", 0.05, 5],
    ["frequency", "##u ##g", 20, 20],
  ] as const)("%s", async (score, pair, value, count) => {
    const [first] = await stepsOf(hugs, { ...wordPiece, score });
    expect(`${first!.left} ${first!.right}`).toBe(pair);
    expect(first!.score).toBeCloseTo(value, 2);
    expect(first!.count).toBe(count);
  });
});

const words = fc.array(
  fc
    .array(fc.constantFrom("a", "a", "b", "c", "中"), { minLength: 1, maxLength: 10 })
    .map((characters) => characters.join("")),
  { minLength: 1, maxLength: 8 },
);

/** Cuts words as WordPiece training does at first; repeated words are counted. */
function startingWords(texts: readonly string[]): NaiveWord[] {
  return texts.map((text) => ({
    symbols: Array.from(text, (character, i) => (i === 0 ? character : `##${character}`)),
    count: 1,
  }));
}

describe("each merge is the best one, as trying them all on the corpus tells", () => {
  test.each(["likelihood", "ratio"] as const)("%s", async (score) => {
    await fc.assert(
      fc.asyncProperty(words, fc.integer({ min: 1, max: 2 }), async (texts, minFrequency) => {
        const options = { ...wordPiece, score, minFrequency, handleChineseChars: false };
        let corpus = startingWords(texts);
        const scores = score === "likelihood" ? likelihoodGains : ratioScores;
        const candidates = (): NaiveGain[] =>
          scores(corpus).filter(({ count }) => count >= minFrequency);
        for (const step of await stepsOf(texts, options)) {
          const best = Math.max(...candidates().map(({ gain }) => gain));
          expect(step.score).toBeCloseTo(best, 9);
          const chosen = candidates().find(
            ({ left, right }) => left === step.left && right === step.right,
          );
          expect(chosen!.gain).toBeCloseTo(step.score, 9);
          expect(chosen!.count).toBe(step.count);
          corpus = joinEverywhere(corpus, step.left, step.right);
          expect(step.corpusTokens).toBe(
            corpus.reduce((sum, { symbols, count }) => sum + symbols.length * count, 0),
          );
        }
        // What is left is not worth it; a ratio is never too small.
        const least = score === "likelihood" ? 1e-9 : 0;
        expect(candidates().filter(({ gain }) => gain > least)).toEqual([]);
      }),
      { seed: 3, numRuns: 250 },
    );
  });
});

test("minGain stops at merges that gain less", async () => {
  const all = await stepsOf(hugs, wordPiece);
  const some = await stepsOf(hugs, { ...wordPiece, minGain: 20 });
  expect(all.map(({ score }) => Math.round(score))).toEqual([28, 43, 27, 11, 16, 13, 6]);
  expect(some).toEqual(all.slice(0, 3));
});

const texts = [
  "The planets go around the sun, and the moons around the planets.",
  "Élan vital! 行星绕着太阳转。 Planets: 8; moons: 285+",
  "an orrery turns the planets; turning it backward turns time around",
];

describe("what is trained", () => {
  test("is BERT's pipeline, with its special tokens first", async () => {
    const tokenizer = await trainTokenizer(texts, { ...wordPiece, vocabSize: 120 });
    expect([0, 1, 2, 3, 4].map((id) => tokenizer.idToToken(id))).toEqual([
      "[PAD]",
      "[UNK]",
      "[CLS]",
      "[SEP]",
      "[MASK]",
    ]);
    const { tokens, ids } = tokenizer.encodeFull("PLANETS élan ☃");
    expect(tokens[0]).toBe("[CLS]");
    expect(tokens.slice(-2)).toEqual(["[UNK]", "[SEP]"]);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe("planets elan");
  });

  test.each(["likelihood", "ratio", "frequency"] as const)(
    "loads in tokenizers 0.23.2 with the same ids (%s)",
    async (score) => {
      const tokenizer = await trainTokenizer(texts, { ...wordPiece, vocabSize: 150, score });
      const file = new TextDecoder().decode(tokenizer.save("tokenizer.json")["tokenizer.json"]);
      const theirs = reference.Tokenizer.fromString(file);
      expect(tokenizer.vocabSize).toBe(theirs.getVocabSize());
      for (const text of [...texts, "Unseen planetary words ☃ turnaround", ""]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const expected = await theirs.encode(text);
        expect([...tokenizer.encode(text)]).toEqual(expected.getIds());
      }
      const again = await Tokenizer.load(new TextEncoder().encode(file));
      expect(again.encode(texts[0]!)).toEqual(tokenizer.encode(texts[0]!));
    },
  );

  test.each(["likelihood", "ratio", "frequency"] as const)(
    "does not depend on the order of the texts (%s)",
    async (score) => {
      const options = { ...wordPiece, score };
      const forward = await trainTokenizer(texts, options);
      const backward = await trainTokenizer(texts.toReversed(), options);
      expect(backward.save("tokenizer.json")).toEqual(forward.save("tokenizer.json"));
    },
  );
});

test.each<[string, object, string]>([
  ["a size below the alphabet", { vocabSize: 10 }, "characters and 5 special tokens), got 10"],
  ["an unknown token that is none", { specialTokens: ["[PAD]"] }, '"[UNK]" among specialTokens'],
  ["an empty special token", { specialTokens: ["[UNK]", ""] }, "a special token is empty"],
  ["a special token that stands twice", { specialTokens: ["[UNK]", "[UNK]"] }, '"[UNK]" twice'],
  ["an unknown score", { score: "foo" }, 'score: expected one of "likelihood", "ratio"'],
  ["a gain that is none", { minGain: Number.NaN }, "minGain: expected"],
  ["a length that is none", { maxTokenLength: Number.NaN }, "maxTokenLength: expected"],
  ["a frequency that is none", { minFrequency: Number.NaN }, "minFrequency: expected"],
  ["a limit that is none", { limitAlphabet: Number.NaN }, "limitAlphabet: expected"],
  ["words of NaN characters", { maxInputCharsPerWord: Number.NaN }, "must be 0, 1, 2, …, got NaN"],
  ["words of -1 characters", { maxInputCharsPerWord: -1 }, "must be 0, 1, 2, …, got -1"],
  ["half a prefix", { continuingSubwordPrefix: "\ud800" }, "continuingSubwordPrefix: expected"],
  ["half a special token", { specialTokens: ["[UNK]", "\ud800"] }, "specialTokens: expected"],
  ["a gain that nothing computes", { score: "ratio", minGain: 1 }, "minGain has no meaning"],
])("refuses %s", async (_name, options, message) => {
  const error = await trainTokenizer(texts, { ...wordPiece, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(message);
});
