import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, FormatError } from "orrery-lm/base";
import { type LoadOptions, Tokenizer, type TokenizerSource } from "orrery-lm/tokenizers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ggufFile } from "../gguf-file.ts";
import { golden } from "./golden.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const tokenizerJson = encode(golden.written);
const vocabulary = JSON.parse(golden.written).model as {
  vocab: Record<string, number>;
  merges: [string, string][];
};
// Object.keys would have the digits first.
const tokens = Object.entries(vocabulary.vocab)
  .toSorted(([, a], [, b]) => a - b)
  .map(([token]) => token);

/** The golden's tokenizer in each format that can hold it. */
const files = {
  "tokenizer.json": tokenizerJson,
  "tokenizer.tiktoken": (await Tokenizer.load(tokenizerJson)).save("tiktoken")[
    "tokenizer.tiktoken"
  ]!,
  "vocab.json": encode(JSON.stringify(vocabulary.vocab)),
  "merges.txt": encode(vocabulary.merges.map((pair) => pair.join(" ")).join("\n")),
  "model.gguf": ggufFile({
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "gpt-2",
    "tokenizer.ggml.tokens": tokens,
    "tokenizer.ggml.merges": vocabulary.merges.map((pair) => pair.join(" ")),
    "tokenizer.ggml.token_type": tokens.map((_, id) => (id === 0 ? 3 : 1)),
  }),
  "tekken.json": encode(JSON.stringify(tekken())),
};
type FileName = keyof typeof files;

/** Special tokens come first there, so all ids are as they were. */
function tekken(): object {
  const bytes = new Map<string, number>();
  let others = 0;
  for (let byte = 0; byte < 256; byte++) {
    const isVisible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    bytes.set(String.fromCharCode(isVisible ? byte : 0x100 + others++), byte);
  }
  const [special, ...ordinary] = tokens;
  return {
    config: {
      pattern: String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
      default_vocab_size: tokens.length,
      default_num_special_tokens: 1,
      version: "v7",
    },
    vocab: ordinary.map((token, rank) => {
      const text = String.fromCharCode(...Array.from(token, (char) => bytes.get(char)!));
      return { rank, token_bytes: btoa(text), token_str: null };
    }),
    special_tokens: [{ rank: 0, token_str: special, is_control: true }],
  };
}

const only = (...names: FileName[]): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name) => [name, files[name]]));
const TEXT = "The planet turns, it's 12 <|end|> 行星";
const specialTokens = { "<|end|>": 0 };
const ranks: LoadOptions = { pattern: "gpt2", specialTokens };

describe("each format gives the same ids", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "orrery-"));
    await Promise.all(
      Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<[name: string, source: () => TokenizerSource, options?: LoadOptions]>([
    ["tokenizer.json", () => only("tokenizer.json")],
    ["tokenizer.json before all others", () => files],
    ["a folder with all of them", () => folder],
    ["tekken.json", () => only("tekken.json")],
    ["the bytes of tekken.json", () => files["tekken.json"]],
    ["vocab.json and merges.txt", () => only("vocab.json", "merges.txt")],
    [
      "encoder.json and vocab.bpe",
      () => ({ "encoder.json": files["vocab.json"], "vocab.bpe": files["merges.txt"] }),
    ],
    ["vocab.json and merges.txt with rules", () => only("vocab.json", "merges.txt"), ranks],
    ["a rank file", () => only("tokenizer.tiktoken"), ranks],
    ["the bytes of a rank file", () => files["tokenizer.tiktoken"], ranks],
    ["the path of a rank file", () => join(folder, "tokenizer.tiktoken"), ranks],
    ["a GGUF file", () => only("model.gguf")],
    ["the bytes of a GGUF file", () => files["model.gguf"]],
    ["the path of a GGUF file", () => join(folder, "model.gguf")],
    ["a GGUF file with another pattern", () => files["model.gguf"], { pattern: "r50k" }],
  ])("%s", async (_name, source, options) => {
    const expected = await Tokenizer.load(tokenizerJson);
    const tokenizer = await Tokenizer.load(source(), options);
    for (const mode of ["text", "match"] as const) {
      const given = { specialTokens: mode, addSpecialTokens: false };
      const ids = tokenizer.encode(TEXT, given);
      expect([...ids]).toEqual([...expected.encode(TEXT, given)]);
      expect(tokenizer.decode(ids)).toBe(TEXT);
    }
  });
});

test.each<
  [
    name: string,
    source: TokenizerSource,
    options: LoadOptions,
    expected: { type: new (...args: never[]) => Error; message: string },
  ]
>([
  [
    "17 ranks without a pattern",
    only("tokenizer.tiktoken"),
    {},
    { type: ConfigError, message: `"gpt2", "r50k"` },
  ],
  [
    "17 ranks with a name that is not known",
    only("tokenizer.tiktoken"),
    { pattern: "gpt5" },
    { type: ConfigError, message: `got "gpt5"` },
  ],
  [
    "an id that is a rank",
    only("tokenizer.tiktoken"),
    { pattern: "gpt2", specialTokens: { "<x>": 65 } },
    { type: ConfigError, message: `the id 65 of "<x>" is that of` },
  ],
  [
    "two special tokens of one id",
    only("tokenizer.tiktoken"),
    { pattern: "gpt2", specialTokens: { "<x>": 999, "<y>": 999 } },
    { type: ConfigError, message: `the id 999 of "<y>" is that of "<x>"` },
  ],
  [
    "an id that is none",
    only("tokenizer.tiktoken"),
    { pattern: "gpt2", specialTokens: { "<x>": 0.5 } },
    { type: ConfigError, message: `got {"<x>":0.5}` },
  ],
  [
    "an empty special token",
    only("tokenizer.tiktoken"),
    { pattern: "gpt2", specialTokens: { "": 999 } },
    { type: ConfigError, message: "expected names and ids" },
  ],
  [
    "a pattern for a tokenizer.json",
    tokenizerJson,
    { pattern: "gpt2" },
    { type: ConfigError, message: "has a pattern of its own" },
  ],
  [
    "special tokens for a tokenizer.json",
    tokenizerJson,
    { specialTokens },
    { type: ConfigError, message: "has special tokens of its own" },
  ],
  [
    "special tokens for a GGUF file",
    files["model.gguf"],
    { specialTokens },
    { type: ConfigError, message: "has special tokens of its own" },
  ],
  [
    "two rank files in a folder",
    { "a.tiktoken": files["tokenizer.tiktoken"], "b.tiktoken": files["tokenizer.tiktoken"] },
    { pattern: "gpt2" },
    { type: ConfigError, message: `which of ["a.tiktoken","b.tiktoken"]` },
  ],
  [
    "vocab.json alone",
    only("vocab.json"),
    {},
    { type: ConfigError, message: `got ["vocab.json"]` },
  ],
  [
    "a rank that is too high",
    encode(
      `${Array.from({ length: 2 ** 21 }, (_, rank) => `${btoa(String(rank).padStart(9))} ${rank}`).join("\n")}\nYQ== ${2 ** 22}\n`,
    ),
    { pattern: "gpt2" },
    { type: FormatError, message: "expected ranks below 4194304, got 4194304" },
  ],
  [
    "ranks without all bytes",
    encode("YQ== 0\n"),
    { pattern: "gpt2" },
    { type: FormatError, message: "byte 0 is no token" },
  ],
  [
    "ranks with the same bytes twice",
    encode("YQ== 0\nYQ== 1\n"),
    { pattern: "gpt2" },
    { type: FormatError, message: "ranks 0 and 1 are the same bytes" },
  ],
])("refuses %s", async (_name, source, options, { type, message }) => {
  const error = await Tokenizer.load(source, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(type);
  expect((error as Error).message).toContain(message);
});

test("of a pattern of one's own only the matches count, as in tiktoken", async () => {
  const bytes = Array.from({ length: 256 }, (_, i) => `${btoa(String.fromCharCode(i))} ${i}\n`);
  const options = { pattern: String.raw`\p{L}+` };
  const tokenizer = await Tokenizer.load(encode(bytes.join("")), options);
  // What tiktoken 0.14 gives.
  expect([...tokenizer.encode("ab 12 cd!")]).toEqual([97, 98, 99, 100]);
  expect([...tokenizer.encodeFull("ab 12 cd!").ids]).toEqual([97, 98, 99, 100]);
});

describe("save refuses what a rank file would encode otherwise", () => {
  const model = JSON.parse(golden.written).model;
  const bytes = tokens.slice(1, 257);
  const withTokens = (more: string[], merges: string[][], changes: object = {}): object => ({
    model: {
      ...model,
      vocab: Object.fromEntries([...bytes, ...more].map((token, id) => [token, id])),
      merges,
      ...changes,
    },
  });
  test.each<[name: string, changes: object, message: string]>([
    [
      "ids that do not follow the merges",
      withTokens(
        ["ab", "cd"],
        [
          ["c", "d"],
          ["a", "b"],
        ],
      ),
      `the id of "ab" is not above those merged before it`,
    ],
    [
      "18 a token that its own merges do not reach",
      withTokens(
        ["bc", "ab", "abc"],
        [
          ["b", "c"],
          ["a", "b"],
          ["ab", "c"],
        ],
      ),
      `the merges never make the token "abc"`,
    ],
    ["19 a token without a merge", withTokens(["zz"], []), `the merges never make the token "zz"`],
    [
      "20 such a token, although whole pieces are looked up",
      withTokens(["zz"], [], { ignore_merges: true }),
      `the merges never make the token "zz"`,
    ],
    ["a normalizer", { normalizer: { type: "NFC" } }, "normalizer NFC"],
    [
      "characters",
      { pre_tokenizer: null, model: { type: "BPE", vocab: { a: 0 }, merges: [] } },
      "a model of type BPE that is not byte-level",
    ],
  ])("%s", async (_name, changes, message) => {
    const json = { ...JSON.parse(golden.written), added_tokens: [], ...changes };
    const tokenizer = await Tokenizer.load(encode(JSON.stringify(json)));
    const save = (): unknown => tokenizer.save("tiktoken");
    expect(save).toThrow(ConfigError);
    expect(save).toThrow(message);
  });
});
