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

  test.each<[string, number[]]>([
    ["next to the vocabulary", [2, 3]],
    ["36 behind a gap", [2, 9]],
    ["36 above all", [20, 21]],
  ])("added tokens keep ids %s", async (_name, ids) => {
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    const file = {
      version: "1.0",
      added_tokens: ids.map((id) => ({ id, content: `<${id}>`, ...flags, special: true })),
      pre_tokenizer: { type: "WhitespaceSplit" },
      model: { type: "WordLevel", unk_token: "a", vocab: { a: 0, b: 1 } },
    };
    const tokenizer = await Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
    const text = `b ${ids.map((id) => `<${id}>`).join(" ")}`;
    expect(await compare(tokenizer, [text])).toEqual([[text, [1, ...ids], [1, ...ids]]]);
  });
});

function bytesOf(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
