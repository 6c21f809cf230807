import { readFileSync } from "node:fs";
import { parseSentencePieceModel } from "orrery-lm/formats";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { ggufFile } from "../gguf-file.ts";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, readLines } from "./golden-answers.ts";

// The same vocabulary in another format gives the same ids.

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";
const GGUF_TYPES = ["NORMAL", "UNKNOWN", "CONTROL", "USER_DEFINED", "UNUSED", "BYTE"];

function read(path: string): Uint8Array {
  return readFileSync(sharedData(`tokenizers/${path}`)!);
}

const gpt2Vocab = (): Record<string, Uint8Array> => ({
  "vocab.json": read("gpt2/encoder.json"),
  "merges.txt": read("gpt2/vocab.bpe"),
});

/** As the converter of llama.cpp writes it. */
function ggufOfModel(path: string): Uint8Array {
  const { model, normalizer } = parseSentencePieceModel(read(path));
  if (model.type !== "SentencePiece" || normalizer?.type !== "SentencePiece") {
    throw new Error("unexpected kind of model");
  }
  return ggufFile({
    "general.architecture": "llama",
    "tokenizer.ggml.model": model.algorithm === "bpe" ? "llama" : "t5",
    "tokenizer.ggml.tokens": model.pieces.map(({ piece }) => piece),
    "tokenizer.ggml.scores": model.pieces.map(({ score }) => score),
    "tokenizer.ggml.token_type": model.pieces.map(({ type }) => 1 + GGUF_TYPES.indexOf(type)),
    "tokenizer.ggml.add_space_prefix": normalizer.addDummyPrefix,
    "tokenizer.ggml.remove_extra_whitespaces": normalizer.removeExtraWhitespaces,
    "tokenizer.ggml.precompiled_charsmap": normalizer.precompiledCharsmap,
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": 2,
  });
}

function ggufOfVocabTxt(path: string): Uint8Array {
  const tokens = new TextDecoder().decode(read(path)).trimEnd().split("\n");
  return ggufFile({
    "tokenizer.ggml.model": "bert",
    "tokenizer.ggml.tokens": tokens.map((token) => {
      if (/^\[.*\]$/.test(token)) return token;
      return token.startsWith("##") ? token.slice(2) : `\u2581${token}`;
    }),
    "tokenizer.ggml.token_type": tokens.map((token) => (/^\[.+\]$/.test(token) ? 3 : 1)),
    "tokenizer.ggml.bos_token_id": 101,
    "tokenizer.ggml.eos_token_id": 102,
    "tokenizer.ggml.seperator_token_id": 102,
    "tokenizer.ggml.unknown_token_id": 100,
  });
}

describe.skipIf(isAbsent)(`golden ids${note}`, () => {
  const match = { addSpecialTokens: false, specialTokens: "match" } as const;
  const text = { addSpecialTokens: false } as const;
  test.each<[string, () => Parameters<typeof Tokenizer.load>, string, typeof match | typeof text]>([
    ["encoder.json and vocab.bpe", () => [gpt2Vocab()], "gpt2.tokenizers", match],
    [
      "vocab.json and merges.txt with the pattern of GPT-2",
      () => [gpt2Vocab(), { pattern: "gpt2" }],
      "gpt2.tokenizers",
      match,
    ],
    [
      "a GGUF file of GPT-2",
      () => [sharedData("tokenizers/gpt2/ggml-vocab-gpt-2.gguf")!],
      "gpt2.tokenizers",
      match,
    ],
    [
      "a GGUF file of a SentencePiece BPE",
      () => [ggufOfModel("mistral-v1/tokenizer.model")],
      "mistral-v1.sentencepiece",
      text,
    ],
    [
      "a GGUF file of a SentencePiece unigram model",
      () => [ggufOfModel("albert-base-v1/spiece.model")],
      "albert-base-v1.sentencepiece",
      text,
    ],
    [
      "a GGUF file of BERT",
      () => [ggufOfVocabTxt("bert-base-uncased/vocab.txt")],
      "bert-base-uncased.tokenizers",
      match,
    ],
  ])("of %s", async (_name, source, golden, options) => {
    const tokenizer = await Tokenizer.load(...source());
    const rows = readLines<GoldenAnswer>(`golden/${golden}.jsonl.gz`);
    const encoded = rows.filter(({ kind }) => kind === "encode");
    expect(encoded.length).toBeGreaterThan(700);
    for (const { text: input, ids } of encoded) {
      expect([input, ...tokenizer.encode(input, options)]).toEqual([input, ...ids]);
    }
  });

  test.each([
    ["gpt2", "gpt2", "gpt2.tokenizers"],
    ["cl100k_base/cl100k_base.tiktoken", "cl100k", "cl100k_base.tiktoken"],
  ])("of %s saved as ranks", async (path, pattern, golden) => {
    const source = sharedData(`tokenizers/${path}`)!;
    const isRanks = path.endsWith(".tiktoken");
    const tokenizer = await Tokenizer.load(source, isRanks ? { pattern } : {});
    const { "tokenizer.tiktoken": ranks } = tokenizer.save("tiktoken");
    const isSame = isRanks && readFileSync(source).equals(ranks!);
    expect(isSame).toBe(isRanks);
    const specialTokens = { "<|endoftext|>": pattern === "gpt2" ? 50256 : 100257 };
    const loaded = await Tokenizer.load(ranks!, { pattern, specialTokens });
    const rows = readLines<GoldenAnswer>(`golden/${golden}.jsonl.gz`);
    for (const { kind, text: input, ids } of rows) {
      if (kind !== "encode") continue;
      const encoded = loaded.encode(input, isRanks ? {} : { specialTokens: "match" });
      expect([input, ...encoded]).toEqual([input, ...ids]);
    }
  });

  test("of vocabulary files that were saved", async () => {
    const files = (await Tokenizer.load(sharedData("tokenizers/gpt2")!)).save("vocab");
    const original = new TextDecoder().decode(read("gpt2/vocab.bpe"));
    expect(new TextDecoder().decode(files["merges.txt"])).toBe(original);
    const ids = JSON.parse(new TextDecoder().decode(files["vocab.json"]));
    expect(ids).toEqual(JSON.parse(new TextDecoder().decode(read("gpt2/encoder.json"))));
  });
});
