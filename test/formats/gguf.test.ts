import { type ByteSource, FormatError, bytesSource } from "orrery-lm/base";
import { type TokenizerJson, isGguf, readGgufTokenizer } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";
import { type Value, ggufFile } from "../gguf-file.ts";

const gpt2 = {
  "tokenizer.ggml.model": "gpt2",
  "tokenizer.ggml.pre": "gpt-2",
  "tokenizer.ggml.tokens": ["t", "h", "th", "<|end|>", "<user>"],
  "tokenizer.ggml.token_type": [1, 1, 1, 3, 4],
  "tokenizer.ggml.merges": ["t h"],
  "tokenizer.ggml.bos_token_id": 3,
  "tokenizer.ggml.eos_token_id": 3,
};

const bert = {
  "tokenizer.ggml.model": "bert",
  "tokenizer.ggml.tokens": ["[UNK]", "[CLS]", "[SEP]", "▁[x]", "[x]", "▁the", "s"],
  "tokenizer.ggml.token_type": [2, 3, 3, 1, 1, 1, 1],
  "tokenizer.ggml.unknown_token_id": 0,
  "tokenizer.ggml.bos_token_id": 1,
  "tokenizer.ggml.seperator_token_id": 2,
};

function read(metadata: Readonly<Record<string, Value>>): Promise<TokenizerJson> {
  return readGgufTokenizer(bytesSource(ggufFile(metadata)));
}

function errorOf(source: ByteSource): Promise<unknown> {
  return readGgufTokenizer(source).catch((error: unknown) => error);
}

describe("readGgufTokenizer", () => {
  test("reads byte-level BPE and passes over other metadata", async () => {
    const json = await read({
      "general.name": "tiny",
      "general.tags": ["a", "b"],
      "general.numbers": [1, 2],
      "general.flag": true,
      ...gpt2,
    });
    expect(json.model).toMatchObject({ type: "BPE", ignoreMerges: false, merges: [["t", "h"]] });
    expect(json.addedTokens.map(({ content, special }) => [content, special])).toEqual([
      ["<|end|>", true],
      ["<user>", false],
    ]);
    expect(json.postProcessor).toBeNull();
  });

  test.each<[name: string, changes: Record<string, Value>, start: boolean, end: boolean]>([
    ["nothing where the file does not ask", {}, false, false],
    ["a start token if it asks", { add_bos_token: true }, true, false],
    ["both", { add_bos_token: true, add_eos_token: true }, true, true],
    ["a start token for Llama 3", { pre: "llama-bpe" }, true, false],
    ["none for Llama 3 if it says so", { pre: "llama-bpe", add_bos_token: false }, false, false],
    ["none where the id is of no token", { add_bos_token: true, bos_token_id: 9 }, false, false],
  ])("adds %s", async (_name, changes, start, end) => {
    const prefixed = Object.entries(changes).map(([key, value]) => [
      `tokenizer.ggml.${key}`,
      value,
    ]);
    const { postProcessor } = await read({ ...gpt2, ...Object.fromEntries(prefixed) });
    const single = postProcessor?.type === "TemplateProcessing" ? postProcessor.single : [];
    expect(single.length).toBe(start || end ? 1 + Number(start) + Number(end) : 0);
    expect(single[0] !== undefined && "specialToken" in single[0]).toBe(start);
  });

  test("surrounds pairs of texts as BERT does", async () => {
    const { postProcessor } = await read(bert);
    expect(postProcessor).toEqual({ type: "BertProcessing", cls: ["[CLS]", 1], sep: ["[SEP]", 2] });
    const { postProcessor: start } = await read({ ...bert, "tokenizer.ggml.add_eos_token": false });
    expect(start?.type).toBe("TemplateProcessing");
  });

  test.each([
    ["types", bert],
    ["roles only", { ...bert, "tokenizer.ggml.token_type": Array(7).fill(1) }],
  ])("takes only control tokens as they are written, by their %s", async (_name, fields) => {
    const { model } = await read(fields);
    expect(model).toMatchObject({ type: "WordPiece", unkToken: "[UNK]" });
    expect(model.type === "WordPiece" && [...model.vocab.keys()]).toEqual(
      "[UNK] [CLS] [SEP] [x] ##[x] the ##s".split(" "),
    );
  });

  test.each([
    ["llama-bpe", true],
    ["tekken", true],
    ["qwen2", false],
  ])("%s takes whole tokens without merging: %s", async (pre, ignoreMerges) => {
    const { model } = await read({ ...gpt2, "tokenizer.ggml.pre": pre });
    expect(model).toMatchObject({ ignoreMerges });
  });

  test.each<[name: string, metadata: Record<string, Value>, message: string]>([
    ["17 a pattern that is not known", { ...gpt2, "tokenizer.ggml.pre": "x" }, `pattern of "x"`],
    ["a model that is not known", { "tokenizer.ggml.model": "rwkv" }, `got "rwkv"`],
    ["a file without a tokenizer", { "general.name": "x" }, `got "none"`],
    ["no tokens", { "tokenizer.ggml.model": "bert" }, "tokens: expected the vocabulary"],
    [
      "tokens that are no strings",
      { ...gpt2, "tokenizer.ggml.tokens": [1, 2] },
      "tokens: expected a list of strings",
    ],
    [
      "the same token twice",
      { ...gpt2, "tokenizer.ggml.tokens": ["t", "h", "t"] },
      `0 and 2 are both "t"`,
    ],
    [
      "two ways to write a token of BERT",
      { ...bert, "tokenizer.ggml.tokens": ["[UNK]", "[CLS]", "[SEP]", "▁[UNK]", "a", "b", "c"] },
      'got ["[UNK]","▁[UNK]"], which both mean "[UNK]"',
    ],
    ["an empty token", { ...gpt2, "tokenizer.ggml.tokens": ["t", ""] }, "1 is empty"],
    ["too few types", { ...gpt2, "tokenizer.ggml.token_type": [1] }, "5 numbers"],
    ["a type beyond all", { ...gpt2, "tokenizer.ggml.token_type": [1, 1, 1, 1, 9] }, "0 to 6"],
    ["a merge of unknown tokens", { ...gpt2, "tokenizer.ggml.merges": ["t x"] }, `"x" is not`],
    ["a negative id", { ...gpt2, "tokenizer.ggml.bos_token_id": -1 }, "the id of a token"],
    ["a flag that is none", { ...gpt2, "tokenizer.ggml.add_bos_token": 1 }, "true or false"],
    [
      "a SentencePiece vocabulary without an unknown piece",
      { "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": ["a"] },
      "UNKNOWN",
    ],
  ])("refuses %s", async (_name, metadata, message) => {
    const error = await errorOf(bytesSource(ggufFile(metadata)));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });

  test("refuses a file that is cut anywhere", async () => {
    const whole = ggufFile(gpt2);
    for (let length = 0; length < whole.length; length++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const error = await errorOf(bytesSource(whole.subarray(0, length)));
      expect(error).toBeInstanceOf(FormatError);
    }
  });

  const head = (...rest: number[]): Uint8Array =>
    Uint8Array.of(0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0, ...rest);
  const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
  const ONE = [1, 0, 0, 0, 0, 0, 0, 0];
  const NO_TENSORS = [0, 0, 0, 0, 0, 0, 0, 0];
  const KEY_OF_TOKENS = [
    21,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...new TextEncoder().encode("tokenizer.ggml.tokens"),
  ];
  test.each<[name: string, bytes: Uint8Array, message: string]>([
    ["version 1", ggufFile({}).fill(1, 4, 5), "version 2 or 3, got 1"],
    ["the other byte order", ggufFile({}).fill(3, 7, 8).fill(0, 4, 5), "got 50331648"],
    ["more entries than there are", head(...HUGE, ...HUGE), "cut short"],
    ["a string of 2^63 bytes", head(...ONE, ...ONE, ...HUGE), "cut short"],
    [
      "an array of 2^63 strings",
      head(...ONE, ...ONE, ...ONE, 0x78, 9, 0, 0, 0, 8, 0, 0, 0, ...HUGE),
      "cut short",
    ],
    [
      "more tokens than any vocabulary has",
      head(...NO_TENSORS, ...ONE, ...KEY_OF_TOKENS, 9, 0, 0, 0, 8, 0, 0, 0, ...HUGE),
      "at most 16777216 values",
    ],
    [
      "an array of arrays",
      head(...ONE, ...ONE, ...ONE, 0x78, 9, 0, 0, 0, 9, 0, 0, 0, ...ONE),
      "an array of arrays",
    ],
    ["a type beyond all", head(...ONE, ...ONE, ...ONE, 0x78, 99, 0, 0, 0), "unknown type 99"],
  ])("refuses %s", async (_name, bytes, message) => {
    const error = await errorOf(bytesSource(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
  });

  test("reads no more of a file than it needs", async () => {
    const metadata = ggufFile(gpt2);
    const ends: number[] = [];
    const source: ByteSource = {
      size: 2 ** 40,
      slice: async (start, end) => {
        ends.push(end);
        const bytes = new Uint8Array(end - start);
        bytes.set(metadata.subarray(start, end));
        return bytes;
      },
    };
    expect((await readGgufTokenizer(source)).model.type).toBe("BPE");
    expect(ends).toEqual([1 << 20]);
  });

  test("reads on until the metadata is complete", async () => {
    const long = { "general.long": "x".repeat(3 << 20), ...gpt2 };
    expect((await read(long)).model.type).toBe("BPE");
  });
});

test.each([
  [ggufFile({}), true],
  [Uint8Array.of(0x47, 0x47, 0x55), false],
  [new TextEncoder().encode("{}  "), false],
])("isGguf of %#", (bytes, expected) => {
  expect(isGguf(bytes)).toBe(expected);
});
