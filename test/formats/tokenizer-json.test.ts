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

describe("the byte where a text stops being JSON", () => {
  const offsetOf = (text: string): unknown => {
    try {
      return parseTokenizerJson(bytes(text));
    } catch (error) {
      return (error as FormatError).offset;
    }
  };

  test.each([
    ["a name that is no text", `{"a":1,"${"b".repeat(9000)}":x,"c":"${"d".repeat(9000)}"}`, 9010],
    ["a key that looks like a message", `{"position 7": tru}`, 18],
    ["a character of 3 bytes", `{"行": ?}`, 8],
    ["something behind", `{} {}`, 3],
    ["a bad escape", String.raw`["\n\x"]`, 4],
    ["half of an escape", String.raw`["\u12"]`, 2],
    ["a control in a text", `["a\n"]`, 3],
    ["a comma too many", `[1,]`, 3],
    ["a comma before all", `[,1]`, 1],
    ["no key", `{,}`, 1],
    ["no colon", `{"a" 1}`, 5],
    ["another bracket", `{"a":[1}`, 7],
    ["a zero before a number", `[01]`, 2],
    ["a lone minus", `[-]`, 2],
    ["no number", `[NaN]`, 1],
  ])("%s", (_name, text, offset) => {
    expect(offsetOf(text)).toBe(offset);
  });

  test("of a text that is cut anywhere is its end", () => {
    const whole = String.raw` { "a\"\u00e9" : [ -1.5e-3 , true,false, null, {}, [] ,{"b":""}], "c":"\\"}`;
    for (let end = 0; end < whole.length; end++) {
      const text = whole.slice(0, end);
      expect([text, offsetOf(text)]).toEqual([text, end]);
    }
  });
});

describe("hostile files", () => {
  const nested = (open: string, close: string, times: number): string =>
    open.repeat(times) + close.repeat(times);
  const sequences = (times: number): string =>
    nested(`{"type":"Sequence","normalizers":[`, "]}", times);
  const withNormalizer = (normalizer: string): string =>
    JSON.stringify(file).replace(`"normalizer":null`, `"normalizer":${normalizer}`);
  const withMember = (member: string, value: unknown): object => ({ ...file, [member]: value });
  const word = { type: "WordLevel", unk_token: "a", vocab: { a: 0 } };
  const template = {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[X]", type_id: 0 } }],
    pair: [],
    special_tokens: {},
  };

  test.each<[string, unknown, string]>([
    ["many Sequences in one another", withNormalizer(sequences(63)), "at most 62 Sequences"],
    ["thousands of them", withNormalizer(sequences(20_000)), "at most 62 Sequences in one another"],
    ["lists in lists", nested("[", "]", 200_000), "the file: expected an object, got [[["],
    [
      "objects in objects",
      `{"model":${nested('{"type":', "}", 50_000).replace(":}", ":1}")}}`,
      `model.type`,
    ],
    ["a list in place of a number", withModel({ vocab: { a: Array(1e5).fill(0) } }), `vocab["a"]`],
    [
      "a text of a megabyte in place of a number",
      withModel({ vocab: { a: "x".repeat(1e6) } }),
      `…`,
    ],
    [
      "72 half a surrogate pair in a token",
      String.raw`{"model":{"vocab":{"a\ud800b":0}}}`,
      String.raw`\ud800 is half of a surrogate pair, not a character (byte 21)`,
    ],
    ["72 one behind a pair", String.raw`{"行":"\ud83e\ude90\ude90"}`, "(byte 20)"],
    ["72 one behind a backslash", String.raw`{"a":"\\\uDBFF"}`, "(byte 8)"],
    [
      "a size that is none",
      withMember("truncation", { max_length: -1, strategy: "OnlyFirst", stride: 0 }),
      "truncation.max_length: expected an integer from 0 to 2^64 - 1, got -1",
    ],
    [
      "a length that fills the memory",
      withMember("padding", { strategy: { Fixed: 2 ** 31 } }),
      "padding.strategy.Fixed",
    ],
    [
      "a character too long",
      withMember("pre_tokenizer", { type: "CharDelimiterSplit", delimiter: "🌍🌍" }),
      "pre_tokenizer.delimiter: expected one character",
    ],
    [
      "no Base64",
      withNormalizer(`{"type":"Precompiled","precompiled_charsmap":"é"}`),
      "normalizer.precompiled_charsmap",
    ],
    [
      "a scheme that contradicts",
      withMember("decoder", { type: "Metaspace", replacement: "▁", add_prefix_space: false }),
      "decoder.add_prefix_space",
    ],
    [
      "a template of unknown tokens",
      withMember("post_processor", template),
      "post_processor.single[0].SpecialToken.id: expected a name in special_tokens",
    ],
    [
      "a template for one text that has two",
      withMember("post_processor", {
        ...template,
        single: [{ Sequence: { id: "B", type_id: 0 } }],
      }),
      `single[0].Sequence.id: expected "A", got "B"`,
    ],
    [
      "a model of no tokens with an unknown one",
      withMember("model", { type: "Unigram", unk_id: 0, vocab: [] }),
      "model.unk_id: expected null",
    ],
    [
      "a score out of range",
      JSON.stringify(file).replace(
        /"model":.*/,
        `"model":{"type":"Unigram","vocab":[["a",1e999]]}}`,
      ),
      "model.vocab[0]: expected a piece and its score",
    ],
    [
      "a vocabulary in place of scores",
      withMember("model", { ...word, type: "Unigram" }),
      "model.vocab: expected an array",
    ],
    [
      "dropout beyond one",
      withModel({ dropout: 1.5 }),
      "model.dropout: expected a probability from 0 to 1, got 1.5",
    ],
    ["another version", withMember("version", "2.0"), `version: expected "1.0", got "2.0"`],
  ])("%s", (_name, value, message) => {
    expect(messageOf(value)).toContain(message);
  });

  test("as many Sequences as the reference reads are read", () => {
    expect(messageOf(withNormalizer(sequences(62)))).toBe("no error");
  });

  test("an escaped pair, and an escaped backslash before a u, are text", () => {
    const model = String.raw`{"type":"WordLevel","unk_token":"a","vocab":{"\ud83e\uDE90":0,"\\ud800":1}}`;
    const { model: read } = parseTokenizerJson(bytes(`{"model":${model}}`));
    expect(read).toHaveProperty(
      "vocab",
      new Map([
        ["🪐", 0],
        [String.raw`\ud800`, 1],
      ]),
    );
  });

  test("a merge whose part is the prefix alone makes what it is made of", () => {
    const vocab = { a: 0, "##": 1, "##b": 2, ab: 3 };
    const merges = ["a ##", "## ##", "a ##b"];
    const cyclic = withModel({ vocab, merges, continuing_subword_prefix: "##" });
    expect(parseTokenizerJson(bytes(cyclic)).model).toMatchObject({
      type: "BPE",
      merges: [
        ["a", "##"],
        ["##", "##"],
        ["a", "##b"],
      ],
    });
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
