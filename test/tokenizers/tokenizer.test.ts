import { ConfigError, FormatError } from "orrery-lm/base";
import { SpecialTokenError, Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden, loadWith } from "./golden.ts";

const bytes = new TextEncoder().encode(golden.written);
const tokenizer = await Tokenizer.load(bytes);

describe("Tokenizer.load", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "orrery-"));
    await writeFile(join(folder, "tokenizer.json"), bytes);
    await writeFile(join(folder, "renamed"), bytes);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<[string, () => string | URL]>([
    ["a file", () => join(folder, "tokenizer.json")],
    ["a file of any name", () => join(folder, "renamed")],
    ["a folder", () => folder],
    ["a folder with a slash", () => `${folder}/`],
    ["a file URL", () => pathToFileURL(join(folder, "tokenizer.json"))],
    ["the URL of a folder", () => pathToFileURL(folder)],
    ["the URL of a file, as text", () => pathToFileURL(join(folder, "renamed")).href],
  ])("reads %s", async (_name, place) => {
    const loaded = await Tokenizer.load(place());
    expect(loaded.encode("planets")).toEqual(tokenizer.encode("planets"));
  });

  test.each<[string, () => Parameters<typeof Tokenizer.load>[0], new () => Error, string]>([
    ["a file that is not there", () => "no/such.json", ConfigError as never, "no/such.json"],
    ["a folder that is not there", () => "no/such", ConfigError as never, "no/such"],
    [
      "files without a tokenizer",
      () => ({ "config.json": bytes }),
      ConfigError as never,
      `got ["config.json"]`,
    ],
    [
      "other bytes",
      () => Uint8Array.of(1, 2, 3),
      FormatError as never,
      "got 3 bytes of something else",
    ],
    ["no bytes", () => new Uint8Array(0), FormatError as never, "got 0 bytes of something else"],
  ])("refuses %s", async (_name, source, type, message) => {
    const error = await Tokenizer.load(source()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toContain(message);
  });
});

describe("special tokens", () => {
  const text = "a<|end|>b";

  test.each([
    ["text", text.length, false],
    ["match", 3, true],
  ] as const)("%s", (specialTokens, mostTokens, hasToken) => {
    const encoded = tokenizer.encode(text, { specialTokens });
    expect(tokenizer.decode(encoded)).toBe(text);
    expect(encoded.length).toBeLessThanOrEqual(mostTokens);
    expect(encoded.includes(0)).toBe(hasToken);
    expect(tokenizer.encodeFull(text, undefined, { specialTokens }).ids).toEqual(encoded);
  });

  test("refuse says which and where", () => {
    const encode = (): unknown => tokenizer.encode(text, { specialTokens: "refuse" });
    expect(encode).toThrow(SpecialTokenError);
    expect(encode).toThrow(`the special token "<|end|>" at 1`);
    expect(() => tokenizer.encodeFull(text, "b", { specialTokens: "refuse" })).toThrow("at 1");
    expect(tokenizer.encode("a<|en|>", { specialTokens: "refuse" }).length).toBeGreaterThan(0);
  });

  test("are left out of the decoded text if asked", () => {
    const ids = tokenizer.encode(text, { specialTokens: "match" });
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe("ab");
    const stream = tokenizer.decodeStream({ skipSpecialTokens: true });
    expect(stream.push(ids) + stream.end()).toBe("ab");
  });
});

test("a pair has type ids", () => {
  const { ids, typeIds, offsets } = tokenizer.encodeFull("ab", "行", { offsetUnit: "byte" });
  const first = tokenizer.count("ab");
  expect([...typeIds]).toEqual([...ids].map((_, i) => (i < first ? 0 : 1)));
  expect(offsets.at(-1)).toEqual([0, 3]);
});

test("ids that no token has are left out", () => {
  expect(tokenizer.decode([65, 1_000_000, 66])).toBe("ab");
});

test.each([-1, 1.5, NaN])("truncate refuses %d tokens", (maxTokens) => {
  expect(() => tokenizer.truncate("a", maxTokens)).toThrow(ConfigError);
});

test("truncate moves a cut that makes more tokens until they fit", async () => {
  const vocab = { "'": 0, r: 1, e: 2, x: 3, "'r": 4 };
  const model = { type: "BPE", vocab, merges: [["'", "r"]] };
  const small = await loadWith({ model, added_tokens: [] });
  // Inside the text "'re" is one piece, of the tokens "'r" and "e"; "'r" alone is two pieces.
  expect([...small.encode("x're")]).toEqual([3, 4, 2]);
  expect([...small.encode("x'r")]).toEqual([3, 0, 1]);
  expect(small.truncate("x're", 2)).toBe("x");
  expect(small.truncate("x're", 3)).toBe("x're");
  expect(small.truncate("x're", 1, "left")).toBe("e");
});

describe("trainTokenizer", () => {
  const specialTokens = ["<|end|>", "<|pad|>"];

  test("special tokens come first, then the bytes", async () => {
    const trained = await trainTokenizer(["ab ab"], { vocabSize: 260, specialTokens });
    expect([0, 1, 2, 257].map((id) => trained.idToToken(id))).toEqual([...specialTokens, "!", "Ń"]);
    expect(trained.vocabSize).toBe(259); // "ab" is all that occurs twice
    expect([...trained.encode("<|pad|>ab", { specialTokens: "match" })]).toEqual([1, 258]);
  });

  test("ties go to the smaller pair of ids", async () => {
    const trained = await trainTokenizer(["zy ba zy ba"], { vocabSize: 258 });
    expect([trained.idToToken(256), trained.idToToken(257)]).toEqual(["ba", "zy"]);
  });

  test("no token crosses the end of a text", async () => {
    const trained = await trainTokenizer(splitLines("x\ny\nx\ny\n"), { vocabSize: 300 });
    expect(trained.vocabSize).toBe(256);
  });

  test.each<[string, Parameters<typeof trainTokenizer>[0], number, string]>([
    [
      "a size below the bytes",
      ["text"],
      255,
      "at least 258 (256 bytes and 2 special tokens), got 255",
    ],
    ["a size below the special tokens", ["text"], 257, "at least 258"],
    ["a fraction as size", ["text"], 300.5, "got 300.5"],
    ["no texts", [], 300, "0 texts, all empty"],
    ["empty texts", ["", ""], 300, "2 texts, all empty"],
    ["one string", "text", 300, "pass splitLines(text)"],
  ])("refuses %s", async (_name, texts, vocabSize, message) => {
    const error = await trainTokenizer(texts, { vocabSize, specialTokens }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(message);
  });

  test("refuses an empty special token", async () => {
    const training = trainTokenizer(["a"], { vocabSize: 300, specialTokens: [""] });
    await expect(training).rejects.toThrow(ConfigError);
  });

  test("tells how far it is, and stops when it is told to", async () => {
    const seen: [number, number, string | undefined][] = [];
    const abort = new AbortController();
    const training = trainTokenizer(["aaaa bbbb", "aaaa bbbb"], {
      vocabSize: 260,
      onProgress: (done, total, note) => {
        seen.push([done, total, note]);
        if (note === "merging") abort.abort(new Error("enough"));
      },
      signal: abort.signal,
    });
    await expect(training).rejects.toThrow("enough");
    expect(seen).toEqual([
      [1, 0, "reading"],
      [2, 0, "reading"],
      [1, 4, "merging"],
    ]);
  });
});
