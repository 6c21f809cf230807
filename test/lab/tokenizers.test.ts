import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "orrery-lm/base";
import {
  type TokenizerAlgorithm,
  type TokenizersRecord,
  generateChineseStories,
  generateStories,
  runTokenizers,
  tokenizerAlgorithms,
  tokenizersConclusion,
  tokenizersTable,
} from "orrery-lm/lab";
import { Tokenizer, compare } from "orrery-lm/tokenizers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const algorithms = Object.keys(tokenizerAlgorithms) as TokenizerAlgorithm[];

/** A finished arm that took so many tokens for 100 words of 400 characters. */
function record(
  algorithm: TokenizerAlgorithm,
  tokens: readonly number[],
  unknownRate = 0,
  words = 100,
): TokenizersRecord {
  const measures = {
    vocabSize: 500,
    words,
    characters: 400,
    bytes: 400,
    unknownRate,
    vocabularyUsed: 0.5,
    renyiEfficiency: 0.5,
    roundTrip: 1,
  };
  return {
    experiment: "tokenizers",
    arm: `en-${algorithm}`,
    seed: 0,
    description: { algorithm, language: "en" },
    settings: {},
    outcome: {
      sizes: tokens.map((count, i) => ({
        size: 500 * 2 ** i,
        measures: {
          ...measures,
          tokens: count,
          fertility: count / words,
          charactersPerToken: 400 / count,
          bytesPerToken: 400 / count,
        },
        sample: ["a", "b"],
      })),
    },
    provenance: {},
    finishedAt: "2026-11-24T00:00:00.000Z",
  };
}

describe("tokenizersConclusion", () => {
  const records = [
    record("bpe", [200, 150]),
    record("wordpiece-likelihood", [180, 130], 0.01),
    record("wordpiece-ratio", [320, 260], 0.02),
    record("wordpiece-frequency", [190, 140], 0.01),
    record("unigram", [190, 120], 0.01),
  ];

  test("names the fewest, the most, the scores and who knows everything", () => {
    expect(tokenizersConclusion({ sizes: [500, 1000], languages: ["en"] }, records)).toBe(
      "On English at 1000 tokens, Unigram needs the fewest tokens (1.20 tokens per word) and WordPiece, " +
        "ratio the most (2.60). Of WordPiece's scores, ratio takes 100 % more tokens than likelihood. " +
        "Nothing is unknown to BPE over bytes.",
    );
  });

  test("counts per character where there are no blanks", () => {
    const unbroken = algorithms.map((name, i) => record(name, [100 + 10 * i], 0.1, 2));
    const said = tokenizersConclusion({ sizes: [500], languages: ["en"] }, unbroken);
    expect(said).toContain("BPE over bytes needs the fewest tokens (0.25 tokens per character)");
    expect(said).toContain("None knows all of the unseen text.");
    expect(tokenizersTable(unbroken, ["en"])).toContain("en: tokens per character");
  });
});

describe("generateChineseStories", () => {
  test("gives the same text, and a longer one begins with the shorter", () => {
    const short = generateChineseStories(1, 500);
    expect(short.length).toBeGreaterThanOrEqual(500);
    expect(generateChineseStories(1, 2000).startsWith(short)).toBe(true);
    expect(generateChineseStories(2, 500)).not.toBe(short);
    expect(short.replaceAll(/[\p{Script=Han}，。：“”？\n]/gu, "")).toBe("");
  });

  test.each([0, 1.5, NaN])("refuses a length of %s", (characters) => {
    expect(() => generateChineseStories(0, characters)).toThrow(ConfigError);
  });
});

describe("runTokenizers", () => {
  let folder = "";
  let records: TokenizersRecord[] = [];
  const texts = [
    { language: "en", name: "stories", text: generateStories(0, 30_000) },
    { language: "zh", name: "stories", text: generateChineseStories(0, 12_000) },
  ];
  const options = () => ({ texts, sizes: [400, 600], folder, command: "orrery lab tokenizers" });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "orrery-"));
    records = await runTokenizers(options());
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("learns every algorithm on every language at every size", () => {
    const arms = ["en", "zh"].flatMap((language) =>
      algorithms.map((name) => `${language}-${name}`),
    );
    expect(records.map(({ arm }) => arm)).toEqual(arms);
    for (const { outcome } of records) {
      expect(outcome.sizes.map(({ size }) => size)).toEqual([400, 600]);
      expect(outcome.sizes.every(({ measures: m }) => m.tokens > 0 && m.vocabularyUsed > 0)).toBe(
        true,
      );
    }
  });

  test("larger vocabularies know more, and need fewer tokens where they know as much", () => {
    const pairs = records.map(({ outcome }) => outcome.sizes.map(({ measures }) => measures));
    expect(pairs.every(([a, b]) => b!.unknownRate <= a!.unknownRate)).toBe(true);
    // A word with something unknown is one token of WordPiece: few tokens can mean little is known.
    const alike = pairs.filter(([a, b]) => a!.unknownRate === b!.unknownRate);
    expect(alike.length).toBeGreaterThan(4);
    expect(alike.every(([a, b]) => b!.tokens < a!.tokens)).toBe(true);
  });

  test("bytes know everything", () => {
    const bytes = records.filter(({ arm }) => arm.endsWith("-bpe"));
    const measures = bytes.flatMap(({ outcome }) => outcome.sizes.map((one) => one.measures));
    expect(measures.map((m) => [m.unknownRate, m.roundTrip])).toEqual(
      Array.from({ length: 4 }, () => [0, 1]),
    );
  });

  test("keeps the tokenizers that were measured", async () => {
    const path = join(folder, "arms", "en-bpe.seed-0", "600", "tokenizer.json");
    const tokenizer = await Tokenizer.load(path);
    const { text } = texts[0]!;
    const cut = text.lastIndexOf("\n", Math.floor(0.9 * text.length)) + 1;
    const [measures] = compare(text.slice(cut).split("\n").filter(Boolean), [tokenizer]);
    expect(records[0]!.outcome.sizes[1]!.measures).toEqual(measures);
  });

  test("shows samples whose pieces are the text", () => {
    for (const { outcome } of records.filter(({ arm }) => arm.startsWith("zh-"))) {
      expect(outcome.sizes.map(({ sample }) => sample.join(""))).toEqual(
        Array.from({ length: 2 }, () => records[5]!.outcome.sizes[0]!.sample.join("")),
      );
    }
  });

  test("writes a report with all of it, and runs nothing twice", async () => {
    const report = await readFile(join(folder, "report.html"), "utf8");
    for (const name of Object.values(tokenizerAlgorithms)) expect(report).toContain(name);
    expect(report).toContain("orrery lab tokenizers");
    expect(report).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const states: string[] = [];
    await runTokenizers({ ...options(), onProgress: ({ state }) => states.push(state) });
    expect(new Set(states)).toEqual(new Set(["skipped"]));
  });

  test("refuses a text that is too short", async () => {
    const short = { ...options(), texts: [{ language: "en", name: "x", text: "one line" }] };
    await expect(runTokenizers(short)).rejects.toThrow(/the text for en is too short/);
  });
});
