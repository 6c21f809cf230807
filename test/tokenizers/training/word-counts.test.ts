import { ConfigError, FormatError } from "orrery-lm/base";
import {
  WordCounts,
  countWords,
  parseWordCounts,
  serializeWordCounts,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

const texts = ["the sun the moon", "the planets", "中 the 中", "\u0000 b \uFFFF 😀"];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function entriesOf(words: WordCounts): Record<string, number> {
  const names = Array.from({ length: words.size }, (_, word) =>
    new TextDecoder().decode(words.bytesOf(word)),
  );
  return Object.fromEntries(names.map((name, word) => [name, words.countOf(word)]));
}

test("parts that are counted apart and merged are as the whole", async () => {
  const options = { symbols: "characters" } as const;
  const whole = await countWords(texts, options);
  const merged = await countWords(texts.slice(2), options);
  merged.merge(await countWords(texts.slice(0, 2), options));
  expect(entriesOf(merged)).toEqual(entriesOf(whole));
  expect(serializeWordCounts(merged)).toEqual(serializeWordCounts(whole));
  const read = parseWordCounts(serializeWordCounts(merged));
  expect(entriesOf(read)).toEqual(entriesOf(whole));
  expect(entriesOf(read)).toMatchObject({ the: 4, 中: 2, "\u0000": 1, "😀": 1 });
  const fromFile = await trainTokenizer(read, { ...options, merges: 3 });
  const fromTexts = await trainTokenizer(texts, { ...options, merges: 3 });
  expect(fromFile.save("tokenizer.json")).toEqual(fromTexts.save("tokenizer.json"));
});

test("words that were cut in another way are not merged", async () => {
  const words = await countWords(texts);
  const others = await countWords(texts, { algorithm: "wordpiece" });
  expect(() => words.merge(others)).toThrow(ConfigError);
});

test("a file has lost the order of the texts, by which ties cannot be broken then", async () => {
  const words = parseWordCounts(serializeWordCounts(await countWords(texts)));
  const training = trainTokenizer(words, { merges: 1, tieBreak: "first" });
  await expect(training).rejects.toThrow(ConfigError);
});

test("counts beyond 2^53 - 1 are refused", () => {
  const words = new WordCounts({ preparation: "" });
  words.add(bytesOf("a"), Number.MAX_SAFE_INTEGER);
  expect(() => words.add(bytesOf("a"), 1)).toThrow(ConfigError);
});

describe("maxWords", () => {
  test("drops the rarest words, and says so", async () => {
    const notes = new Set<string | undefined>();
    const words = await countWords(["a a a b b", "c d e", "a b f"], {
      symbols: "characters",
      maxWords: 4,
      onProgress: (_done, _total, note) => notes.add(note),
    });
    // At "e" there are five: those that occurred less than twice go.
    expect(entriesOf(words)).toEqual({ a: 4, b: 3, f: 1 });
    expect(words.dropped).toEqual({ words: 3, occurrences: 3, threshold: 2 });
    expect([...notes]).toEqual([
      "reading",
      "reading (dropped 3 words that occurred less than 2 times)",
    ]);
    expect(parseWordCounts(serializeWordCounts(words)).dropped).toEqual(words.dropped);
  });

  test("leaves at most half, and the threshold never falls", async () => {
    const many = Array.from({ length: 500 }, (_, i) => `w${(i * i) % 97} w${i % 7} x${i}`);
    const words = await countWords(many, { symbols: "characters", maxWords: 50 });
    expect(words.size).toBeLessThanOrEqual(50);
    const kept = Object.values(entriesOf(words)).reduce((sum, count) => sum + count, 0);
    expect(kept + words.dropped.occurrences).toBe(1500);
    expect(entriesOf(words)["w0"]).toBeGreaterThan(70);
  });
});

describe("files that are broken", () => {
  const good = serializeWordCounts(countedByHand(["ab", 3], ["abc", 1], ["b", 2]));
  const replaced = (offset: number, byte: number): Uint8Array => good.with(offset, byte);
  // The words are the last 14 bytes: 3, then (0 2 "ab" 3), (2 1 "c" 1), (0 1 "b" 2).
  const start = good.length - 14;
  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "at the start (byte 0)"],
    ["something else", bytesOf("{}".padEnd(40)), "at the start (byte 0)"],
    ["a header that is no JSON", replaced(16, 0x21), "expected a header"],
    ["the end is missing", good.slice(0, -1), "the file ends early"],
    ["a word beyond the end", replaced(start + 2, 99), "the file ends early"],
    ["bytes behind the end", Uint8Array.from([...good, 0]), "bytes behind the last word"],
    ["too few words", replaced(start, 2), "bytes behind the last word"],
    ["words out of order", replaced(start + 3, 0x7a), "not in the order of their bytes"],
    ["a word that shares too much", replaced(start + 6, 9), "shares more"],
    ["a count of nothing", replaced(start + 5, 0), "does not occur"],
    [
      "an endless number",
      Uint8Array.from([...good.slice(0, start), ...Array(20).fill(0xff)]),
      "2^53",
    ],
  ])("%s", (_name, bytes, message) => {
    expect(() => parseWordCounts(bytes)).toThrow(FormatError);
    expect(() => parseWordCounts(bytes)).toThrow(message);
  });

  test("a small file cannot ask for endless memory", () => {
    // Each word is the one before and one byte more, so that they would take n² / 2 bytes.
    const tail: number[] = [];
    const size = 40_000;
    for (let i = 0; i < size; i++) tail.push(...varint(i), 1, 0x61, 1);
    const bytes = Uint8Array.from([...good.slice(0, start), ...varint(size), ...tail]);
    expect(() => parseWordCounts(bytes)).toThrow("more than");
  });
});

function countedByHand(...entries: [string, number][]): WordCounts {
  const words = new WordCounts({ preparation: "by hand" });
  for (const [word, count] of entries) words.add(bytesOf(word), count);
  return words;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}
