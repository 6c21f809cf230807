import { FormatError } from "orrery-lm/base";
import { parseTokenizerJson, serializeTokenizerJson } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

const byteLevel = {
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
};
const flags = {
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
};
const model = {
  type: "BPE",
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
  vocab: { t: 0, h: 1, th: 2, "7": 3 },
  merges: [["t", "h"]],
};
const file = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [{ id: 4, content: "<end>", ...flags }],
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: null,
  decoder: byteLevel,
  model,
};

function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

function messageOf(value: unknown): string {
  try {
    parseTokenizerJson(bytes(value));
    return "no error";
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

describe("parseTokenizerJson", () => {
  test("reads what it says", () => {
    const parsed = parseTokenizerJson(bytes(file));
    expect(parsed.preTokenizer).toEqual({
      type: "ByteLevel",
      addPrefixSpace: false,
      trimOffsets: true,
      useRegex: true,
    });
    expect(parsed.postProcessor).toBeNull();
    expect(parsed.model).toMatchObject({ type: "BPE", merges: [["t", "h"]] });
    expect(parsed.model).toHaveProperty(
      "vocab",
      new Map([
        ["7", 3],
        ["t", 0],
        ["h", 1],
        ["th", 2],
      ]),
    );
    expect(parsed.addedTokens[0]).toMatchObject({ id: 4, content: "<end>", special: true });
  });

  const { type: _, ...untyped } = model;
  test.each([
    ["26 merges as strings", { ...model, merges: ["t h"] }],
    ["26 a header among the merges", { ...model, merges: ["#version: 0.2", "t h"] }],
    ["a model without a type", untyped],
    ["dropout of zero", { ...model, dropout: 0 }],
  ])("reads the same from %s", (_name, other) => {
    const parsed = parseTokenizerJson(bytes({ ...file, model: other }));
    expect(parsed).toEqual(parseTokenizerJson(bytes(file)));
  });

  test.each<[string, unknown, string]>([
    ["nothing", "", "not JSON, or cut short: Unexpected end of JSON input (byte 0)"],
    ["a cut file", JSON.stringify(file).slice(0, 200), "(byte 200)"],
    ["a cut file with a character of 3 bytes", `{"行": [1,`, "(byte 11)"],
    ["a comma too many", `{"a": 1,}`, "(byte 8)"],
    ["a list", [], "the file: expected an object, got []"],
    ["null", "null", "the file: expected an object, got null"],
    ["no model", { ...file, model: undefined }, "model: expected an object, got nothing"],
    [
      "no vocabulary",
      withModel({ vocab: undefined }),
      "model.vocab: expected an object, got nothing",
    ],
    ["a vocabulary that is a list", withModel({ vocab: ["a"] }), `model.vocab: expected an object`],
    ["no merges", withModel({ merges: undefined }), "model.merges: expected an array, got nothing"],
    [
      "an id that is no number",
      withModel({ vocab: { a: "0" } }),
      `model.vocab["a"]: expected an integer`,
    ],
    [
      "a negative id",
      withModel({ vocab: { a: -1 } }),
      `model.vocab["a"]: expected an integer from 0`,
    ],
    ["a fraction as id", withModel({ vocab: { a: 0.5 } }), `got 0.5`],
    ["an id too high", withModel({ vocab: { a: 2 ** 24 } }), "to 16777215, got 16777216"],
    [
      "29 an id twice",
      withModel({ vocab: { a: 0, b: 0 }, merges: [] }),
      `model.vocab["b"]: expected an id of its own, not that of "a", got 0`,
    ],
    [
      "a merge of unknown tokens",
      withModel({
        merges: [
          ["t", "h"],
          ["t", "x"],
        ],
      }),
      `model.merges[1]: expected tokens of the vocabulary ("x" is none), got ["t","x"]`,
    ],
    ["a merge to an unknown token", withModel({ merges: [["h", "t"]] }), `("ht" is none)`],
    ["a merge of three", withModel({ merges: ["t h e"] }), `model.merges[0]: expected two tokens`],
    ["a merge of one", withModel({ merges: [["t"]] }), `model.merges[0]: expected two tokens`],
    ["an unknown model", withModel({ type: "bpe" }), `model.type: expected the name of a model`],
    [
      "an unknown normalizer",
      { ...file, normalizer: { type: "NFX" } },
      `normalizer.type: expected the name of a normalizer that tokenizers 0.23 has, got "NFX"`,
    ],
    [
      "a flag that is no boolean",
      { ...file, decoder: { ...byteLevel, use_regex: 1 } },
      "decoder.use_regex: expected true or false, got 1",
    ],
    [
      "an added token without flags",
      { ...file, added_tokens: [{ id: 4, content: "x" }] },
      "added_tokens[0].single_word: expected true or false, got nothing",
    ],
    [
      "36 an added token with the id of another",
      { ...file, added_tokens: [{ id: 1, content: "x", ...flags }] },
      `added_tokens[0]: expected another id: 1 is already that of "h"`,
    ],
    [
      "36 an added token with a second id",
      { ...file, added_tokens: [{ id: 9, content: "h", ...flags }] },
      `added_tokens[0]: expected id 1, which this token already has`,
    ],
  ])("refuses %s", (_name, value, message) => {
    expect(messageOf(value)).toContain(message);
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(() => parseTokenizerJson(Uint8Array.of(0x7b, 0xff))).toThrow("not UTF-8");
  });

  test("70 names of Object.prototype are tokens like any other, and are absent if they are", () => {
    const text = JSON.stringify(withModel({ merges: [] })).replace(
      `"th":2`,
      `"__proto__":2,"constructor":5`,
    );
    const vocab = vocabOf(bytes(text));
    expect([vocab.get("__proto__"), vocab.get("constructor")]).toEqual([2, 5]);
    expect(vocab.get("toString")).toBeUndefined();
    expect(messageOf("{}")).toContain("model: expected an object, got nothing");
  });

  test("72 of a name that stands twice the last counts", () => {
    const text = JSON.stringify(file).replace(`"t":0`, `"t":9,"t":0`);
    expect(parseTokenizerJson(bytes(text))).toEqual(parseTokenizerJson(bytes(file)));
  });
});

describe("serializeTokenizerJson", () => {
  test("writes what it read, with the vocabulary in the order of ids", () => {
    const text = new TextDecoder().decode(serializeTokenizerJson(parseTokenizerJson(bytes(file))));
    // Integer-like keys stand where their id puts them, which JSON.stringify would not do.
    expect(text).toContain(
      `    "vocab": {\n      "t": 0,\n      "h": 1,\n      "th": 2,\n      "7": 3\n    },\n`,
    );
    expect(JSON.parse(text)).toEqual(file);
  });
});

function vocabOf(file: Uint8Array): ReadonlyMap<string, number> {
  const { model } = parseTokenizerJson(file);
  if (model.type !== "BPE") throw new Error(`a model ${model.type}`);
  return model.vocab;
}

function withModel(changes: object): object {
  return { ...file, model: { ...model, ...changes } };
}
