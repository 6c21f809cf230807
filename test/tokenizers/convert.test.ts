import { ConfigError, ProtobufWriter } from "orrery-lm/base";
import { TOKENIZER_JSON } from "orrery-lm/formats";
import { type LoadOptions, Tokenizer } from "orrery-lm/tokenizers";
import * as reference from "tokenizers";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, readLines } from "./golden-answers.ts";

/** A text, our ids, and those of `tokenizers` with the file that we saved. */
type Row = readonly [text: string, ours: readonly number[], theirs: readonly number[]];

async function compare(tokenizer: Tokenizer, texts: readonly string[]): Promise<Row[]> {
  const json = new TextDecoder().decode(tokenizer.save("tokenizer.json")[TOKENIZER_JSON]);
  const converted = reference.Tokenizer.fromString(json);
  const rows = texts.map(async (text): Promise<Row> => {
    const ours = tokenizer.encode(text, { addSpecialTokens: false, specialTokens: "match" });
    const theirs = await converted.encode(text, null, { addSpecialTokens: false });
    return [text, [...ours], theirs.getIds()];
  });
  return Promise.all(rows);
}

function differing(rows: readonly Row[]): string[] {
  return rows.filter(([, a, b]) => a.join() !== b.join()).map(([text]) => text);
}

function goldenTexts(name: string): string[] {
  const rows = readLines<GoldenAnswer>(`golden/${name}.jsonl.gz`);
  return rows
    .filter((row) => row.kind === "encode" && row.lone_surrogate !== true)
    .map((row) => row.text);
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly options?: LoadOptions;
  /** Whose texts are encoded. */
  readonly golden: string;
  /** Texts for which SentencePiece and `tokenizers` cannot agree, and why. */
  readonly divergent?: RegExp;
}

// The names of control pieces are tokens for `tokenizers` and text for SentencePiece.
const NAMES = "</?s>|<unk>";
// 46 A cluster of three marks is looked up whole by `tokenizers`, mark by mark by SentencePiece.
const MARKS = "e\u0301\u0302\u0303";
// 59 Equal sums of scores: 32-bit floats there, 64-bit here.
const TIES = String.raw`0{64}|\.{64}`;

const cases: readonly Case[] = [
  {
    name: "cl100k",
    path: "tokenizers/cl100k_base/cl100k_base.tiktoken",
    // 100256 is no token: without care the reference would give that id to the special token.
    options: { pattern: "cl100k", specialTokens: { "<|endoftext|>": 100257 } },
    golden: "cl100k_base.tiktoken",
  },
  {
    name: "Whisper",
    path: "tokenizers/whisper-multilingual/multilingual.tiktoken",
    options: { pattern: "gpt2", specialTokens: { "<|endoftext|>": 50257 } },
    golden: "whisper-multilingual.tiktoken",
  },
  {
    name: "SentencePiece BPE with byte fallback",
    path: "tokenizers/mistral-v1/tokenizer.model",
    golden: "mistral-v1.sentencepiece",
    divergent: new RegExp(NAMES),
  },
  {
    name: "SentencePiece BPE with rules",
    path: "trained/sentencepiece-bpe-en-8000.model",
    golden: "mistral-v1.sentencepiece",
    divergent: new RegExp(`${NAMES}|${MARKS}`),
  },
  {
    name: "SentencePiece unigram",
    path: "tokenizers/test_sentencepiece/test_sentencepiece.model",
    golden: "test_sentencepiece.sentencepiece",
    divergent: new RegExp(`${NAMES}|${MARKS}|${TIES}`),
  },
  {
    name: "SentencePiece unigram, Chinese",
    path: "trained/sentencepiece-unigram-zh-8000.model",
    golden: "mistral-v1.sentencepiece",
    divergent: new RegExp(`${NAMES}|${MARKS}|${TIES}`),
  },
];

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";

describe.skipIf(isAbsent)(
  `saved as tokenizer.json, the ids of tokenizers are the same${note}`,
  () => {
    test.each(cases)("$name", async ({ path, options, golden, divergent }) => {
      const tokenizer = await Tokenizer.load(sharedData(path)!, options);
      const differ = differing(await compare(tokenizer, goldenTexts(golden)));
      expect(differ.filter((text) => divergent?.test(text.normalize("NFD")) !== true)).toEqual([]);
      // Known divergence is there, or it would not have to be known.
      expect(differ.length > 0).toBe(divergent !== undefined);
    });
  },
);

describe("saved as tokenizer.json", () => {
  test("a rank file whose tokens can be made in several ways has the same ids", async () => {
    const tokens = ["aa", "aaa", "ab", "bc", "abc", "aab", "aaaa", "cab", "abcab"];
    const all = [...Array.from({ length: 256 }, (_, byte) => [byte]), ...tokens.map(bytesOf)];
    const lines = all.map((bytes, rank) => `${btoa(String.fromCharCode(...bytes))} ${rank}`);
    const tokenizer = await Tokenizer.load(new TextEncoder().encode(lines.join("\n")), {
      pattern: "gpt2",
    });
    const texts = "aaaaaaa abcab cabcab aabc ababcabc aaabaaab bcabcaab caaaabc é".split(" ");
    expect(differing(await compare(tokenizer, [...texts, texts.join(" ")]))).toEqual([]);
  });

  test.each<[string, number[], object]>([
    ["next to the vocabulary", [2, 3], {}],
    ["36 behind a gap", [2, 9], {}],
    ["36 above all", [20, 21], {}],
    ["36 below one of the vocabulary", [3, 4, 9], { "<9>": 9 }],
    ["36 above one of the vocabulary", [9, 10], { "<9>": 9 }],
  ])("added tokens keep ids %s", async (_name, ids, others) => {
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    const file = {
      version: "1.0",
      added_tokens: ids.map((id) => ({ id, content: `<${id}>`, ...flags, special: true })),
      pre_tokenizer: { type: "WhitespaceSplit" },
      model: { type: "WordLevel", unk_token: "a", vocab: { a: 0, b: 1, ...others } },
    };
    const tokenizer = await Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
    const text = `b ${ids.map((id) => `<${id}>`).join(" ")}`;
    expect(await compare(tokenizer, [text])).toEqual([[text, [1, ...ids], [1, ...ids]]]);
  });
});

describe("a small SentencePiece model", () => {
  // Numbers of the model types in the file.
  const [UNIGRAM, BPE, WORD, CHAR] = [1, 2, 3, 4];

  test.each([
    ["unigram", UNIGRAM],
    ["BPE", BPE],
    ["characters", CHAR],
  ])("of %s with a symbol has the same ids", async (_name, algorithm) => {
    const tokenizer = await Tokenizer.load(modelBytes(algorithm!));
    const texts = ["", " ", "abab", "  ab  a ", "a<x>b", "b<x> ba", "zab", "zz<x>"];
    expect(differing(await compare(tokenizer, texts))).toEqual([]);
  });

  test("that begins with a symbol or has blanks before one is known divergence", async () => {
    const tokenizer = await Tokenizer.load(modelBytes(BPE!));
    const texts = ["<x>ab", "a <x>b", "a <x>"];
    // SentencePiece puts a dummy prefix before the symbol, and keeps the blank.
    expect(differing(await compare(tokenizer, texts))).toEqual(texts);
  });

  test.each<[string, Uint8Array]>([
    ["a model of whole words", modelBytes(WORD!)],
    ["treat_whitespace_as_suffix", modelBytes(BPE!, true)],
  ])("with %s is refused", async (what, bytes) => {
    const tokenizer = await Tokenizer.load(bytes);
    expect(() => tokenizer.save("tokenizer.json")).toThrow(ConfigError);
    expect(() => tokenizer.save("tokenizer.json")).toThrow(what);
  });
});

/** A model with the symbol `<x>` and no rules. */
function modelBytes(algorithm: number, blanksBehind = false): Uint8Array {
  const [UNKNOWN, CONTROL, NORMAL, USER_DEFINED] = [2, 3, 1, 4];
  const pieces: [string, number, number][] = [
    ["<unk>", 0, UNKNOWN!],
    ["<s>", 0, CONTROL!],
    ["<x>", 0, USER_DEFINED!],
    ["ab", -1, NORMAL!],
    ["\u2581ab", -2, NORMAL!],
    ["\u2581a", -3, NORMAL!],
    ["\u2581", -4, NORMAL!],
    ["a", -5, NORMAL!],
    ["b", -6, NORMAL!],
  ];
  const model = new ProtobufWriter();
  for (const [piece, score, type] of pieces) {
    model.message(1, new ProtobufWriter().string(1, piece).float(2, score).integer(3, type));
  }
  const trainer = new ProtobufWriter().integer(3, algorithm).integer(24, blanksBehind ? 1 : 0);
  return model.message(2, trainer).finish();
}

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
