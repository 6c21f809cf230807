import { ConfigError, FormatError } from "orrery-lm/base";
import { type TokenizerJson, parseVocabMerges, serializeVocabulary } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const vocab = { t: 0, h: 1, Ġ: 2, th: 3, Ġth: 4, "<|end|>": 5, "[MASK]": 6, "<h>": 7 };

function read(vocabFile: unknown, merges: string): TokenizerJson {
  return parseVocabMerges(encode(JSON.stringify(vocabFile)), encode(merges));
}

function mergesOf({ model }: TokenizerJson): unknown {
  return model.type === "BPE" ? model.merges : undefined;
}

describe("parseVocabMerges", () => {
  const pairs = [
    ["t", "h"],
    ["Ġ", "th"],
  ];
  test.each([
    ["26 a header", "#version: 0.2\nt h\nĠ th\n"],
    ["26 a header anywhere", "t h\n#version: 7\nĠ th\n#version"],
    ["26 no header", "t h\nĠ th"],
    ["carriage returns", "#version: 0.2\r\nt h\r\nĠ th\r\n\r\n"],
    ["a byte order mark", "\ufefft h\nĠ th\n"],
  ])("reads %s", (_name, merges) => {
    expect(mergesOf(read(vocab, merges))).toEqual(pairs);
  });

  test("takes tokens that no merge makes and that are named so for special tokens", () => {
    const withMerge = { ...vocab, "<": 8, "h>": 9, ">": 10 };
    const { addedTokens } = read(withMerge, "t h\nh >\n< h>\n");
    expect(addedTokens.map(({ id, content, special }) => [id, content, special])).toEqual([
      [5, "<|end|>", true],
      [6, "[MASK]", true],
    ]);
  });

  test.each<[name: string, vocab: unknown, merges: string, message: string]>([
    ["26 a line of three", vocab, "t h\nĠ t h\n", `line 2, "Ġ t h": expected two tokens`],
    ["26 a line of one", vocab, "th\n", "expected two tokens"],
    ["too many merges", vocab, "t h\n".repeat(2 ** 22 + 1), "at most 4194304 merges, got 4194305"],
    ["an empty line", vocab, "t h\n\nĠ th\n", "line 2"],
    ["an unknown token", vocab, "t x\n", `"x" is not in the vocabulary`],
    ["an unknown union", vocab, "h t\n", `"ht" is not in the vocabulary`],
    ["70 a name of Object.prototype", vocab, "constructor t\n", `"constructor" is not`],
    ["an id twice", { a: 0, b: 0 }, "", "an id of its own"],
    ["ids that are no numbers", { a: "0" }, "", "an integer"],
    ["a list", ["a"], "", "expected an object"],
    ["words that end in </w>", { a: 0, "b</w>": 1, "ab</w>": 2 }, "a b</w>\n", "</w>"],
    ["characters", { 中: 0, 国: 1, 中国: 2 }, "中 国\n", `got "中"`],
  ])("refuses %s", (_name, vocabFile, merges, message) => {
    const parse = (): unknown => read(vocabFile, merges);
    expect(parse).toThrow(FormatError);
    expect(parse).toThrow(message);
  });
});

describe("serializeVocabulary", () => {
  const text = (files: Record<string, Uint8Array>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
    );
  const tokenizer = read(vocab, "t h\nĠ th\n");
  const withVocab = (type: string, tokens: Iterable<readonly [string, number]>): TokenizerJson =>
    ({
      ...tokenizer,
      addedTokens: [],
      model: { ...tokenizer.model, type, vocab: new Map(tokens) },
    }) as never;

  const added = (content: string, id: number): TokenizerJson["addedTokens"][number] => ({
    ...tokenizer.addedTokens[0]!,
    content,
    id,
  });

  test.each<[name: string, json: TokenizerJson, files: Record<string, string>]>([
    [
      "BPE",
      withVocab("BPE", [
        ["7", 1],
        ["a", 0],
      ]),
      { "vocab.json": `{"a":0,"7":1}`, "merges.txt": "#version: 0.2\nt h\nĠ th\n" },
    ],
    [
      "WordPiece",
      withVocab("WordPiece", [
        ["b", 1],
        ["a", 0],
      ]),
      { "vocab.txt": "a\nb\n" },
    ],
    [
      "WordLevel",
      withVocab("WordLevel", [
        ["b", 5],
        ["a", 0],
      ]),
      { "vocab.json": `{"a":0,"b":5}` },
    ],
  ])("writes %s", (_name, json, files) => {
    expect(text(serializeVocabulary(json))).toEqual(files);
  });

  test.each<[name: string, json: TokenizerJson, file: string, text: string]>([
    ["BPE", withVocab("BPE", [["a", 0]]), "vocab.json", `{"a":0,"<x>":1}`],
    ["WordLevel", withVocab("WordLevel", [["a", 0]]), "vocab.json", `{"a":0,"<x>":1}`],
    ["WordPiece", withVocab("WordPiece", [["a", 0]]), "vocab.txt", "a\n<x>\n"],
  ])("writes added tokens that the model of a %s lacks", (_name, json, file, written) => {
    const files = serializeVocabulary({ ...json, addedTokens: [added("<x>", 1)] });
    expect(text(files)[file]).toBe(written);
  });

  test("what it writes reads the same", () => {
    const { "vocab.json": vocabFile, "merges.txt": merges } = serializeVocabulary(tokenizer);
    expect(parseVocabMerges(vocabFile!, merges!)).toEqual(tokenizer);
  });

  test.each<[name: string, json: TokenizerJson, message: string]>([
    [
      "a merge with a blank",
      { ...tokenizer, model: { ...tokenizer.model, merges: [["a ", "b"]] } } as never,
      `merges.txt cannot hold the merge ["a ","b"]`,
    ],
    ["a gap in vocab.txt", withVocab("WordPiece", [["a", 1]]), `cannot hold "a" with the id 1`],
    ["a blank at an end", withVocab("WordPiece", [["a\u3000", 0]]), "cannot hold"],
    ["a control at an end", withVocab("WordPiece", [["a\u0085", 0]]), "cannot hold"],
    ["a mark before the first line", withVocab("WordPiece", [["\ufeffa", 0]]), "cannot hold"],
    [
      "an added token with the text of another",
      { ...tokenizer, addedTokens: [added("th", 9)] },
      `"th" with the id 9 has the text or the id`,
    ],
    [
      "an added token with the id of another",
      { ...tokenizer, addedTokens: [added("x", 3)] },
      `"x" with the id 3 has the text or the id`,
    ],
    ["a line feed in vocab.txt", withVocab("WordPiece", [["a\n", 0]]), "cannot hold"],
    ["a model without such files", withVocab("Unigram", []), "Unigram has no vocabulary files"],
  ])("refuses %s", (_name, json, message) => {
    const write = (): unknown => serializeVocabulary(json);
    expect(write).toThrow(ConfigError);
    expect(write).toThrow(message);
  });
});
