import { FormatError } from "orrery-lm/base";
import { isTekken, parseTekken } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

// Rank 0 and 1 are swapped in the list on purpose.
const file = {
  config: {
    pattern: String.raw`\p{L}+|\P{L}+`,
    num_vocab_tokens: 4,
    default_vocab_size: 5,
    default_num_special_tokens: 3,
    version: "v7",
  },
  vocab: [
    { rank: 1, token_bytes: "Yg==", token_str: "b" },
    { rank: 0, token_bytes: "YQ==", token_str: "a" },
    { rank: 2, token_bytes: "YWI=", token_str: "ab" },
  ],
  special_tokens: [
    { rank: 1, token_str: "<s>", is_control: true },
    { rank: 0, token_str: "<unk>", is_control: true },
  ],
};

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("parseTekken", () => {
  test("puts special tokens first, ranks behind them, as far as the vocabulary goes", () => {
    const { model, addedTokens, postProcessor } = parseTekken(encode(file));
    expect(addedTokens.map(({ id, content, special }) => [id, content, special])).toEqual([
      [0, "<unk>", true],
      [1, "<s>", true],
      [2, "<SPECIAL_2>", true],
    ]);
    expect(model.type === "tiktoken" && [[...model.bytes], [...model.ends]]).toEqual([
      [97, 98],
      [0, 0, 0, 1, 2],
    ]);
    expect(postProcessor).toMatchObject({ single: [{ specialToken: "<s>" }, { sequence: "A" }] });
  });

  test("knows the special tokens of files that do not list them", () => {
    const { special_tokens: _, ...rest } = file;
    const config = { ...file.config, default_num_special_tokens: 30, default_vocab_size: 33 };
    const { addedTokens } = parseTekken(encode({ ...rest, config }));
    expect(addedTokens.length).toBe(30);
    expect(addedTokens.slice(0, 4).map(({ content }) => content)).toEqual([
      "<unk>",
      "<s>",
      "</s>",
      "[INST]",
    ]);
    expect(addedTokens[29]!.content).toBe("<SPECIAL_29>");
  });

  const config = (changes: object): object => ({ ...file, config: { ...file.config, ...changes } });
  const token = (changes: object): object => ({
    ...file,
    vocab: [{ ...file.vocab[0], ...changes }, ...file.vocab.slice(1)],
  });
  const special = (...tokens: object[]): object => ({ ...file, special_tokens: tokens });
  test.each<[name: string, value: unknown, message: string]>([
    ["no pattern", config({ pattern: undefined }), "config.pattern: expected a string"],
    ["more tokens than there are", config({ default_vocab_size: 9 }), "expected 6 tokens"],
    ["a vocabulary of 2^31", config({ default_vocab_size: 2 ** 31 }), "default_vocab_size"],
    ["2^31 special tokens", config({ default_num_special_tokens: 2 ** 31 }), "special_tokens"],
    ["fewer ids than special tokens", config({ default_vocab_size: 2 }), "expected -1 tokens"],
    ["a rank twice", token({ rank: 0 }), "a rank of its own"],
    ["a rank beyond the vocabulary", token({ rank: 7 }), "vocab[0].rank"],
    ["bytes that are not Base64", token({ token_bytes: "Y" }), "bytes in Base64"],
    ["no bytes", token({ token_bytes: "" }), "bytes in Base64"],
    ["a special token's rank that is an id", special({ rank: 3, token_str: "x" }), "rank"],
    [
      "a special token twice",
      special({ rank: 0, token_str: "x" }, { rank: 1, token_str: "x" }),
      "names that all differ",
    ],
    [
      "two special tokens of a rank",
      special({ rank: 0, token_str: "x" }, { rank: 0, token_str: "y" }),
      "0 is empty, or stands there twice",
    ],
    ["an empty special token", special({ rank: 0, token_str: "" }), "0 is empty"],
    ["a file of something else", {}, "config"],
  ])("refuses %s", (_name, value, message) => {
    const parse = (): unknown => parseTekken(encode(value));
    expect(parse).toThrow(FormatError);
    expect(parse).toThrow(message);
  });
});

test.each<[unknown, boolean]>([
  [file, true],
  [{ vocab: file.vocab, config: {} }, true],
  [{ config: file.config }, true],
  [{ model: { vocab: { token_bytes: 1, default_num_special_tokens: 2 } } }, false],
  [{ version: "1.0", added_tokens: [] }, false],
])("isTekken of %#", (value, expected) => {
  expect(isTekken(encode(value))).toBe(expected);
});
