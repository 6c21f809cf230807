import { readFileSync } from "node:fs";
import { type LoadOptions, Tokenizer, type TokenizerSource } from "orrery-lm/tokenizers";
import { sharedData } from "../shared-data.ts";
import { golden, loadWith } from "./golden.ts";
import { sentencePieceCases, unpackModel } from "./sentencepiece-golden-models.ts";

/** A kind of tokenizer, by one that is small enough to show it anything. */
export interface Family {
  readonly name: string;
  readonly load: () => Promise<Tokenizer>;
  /** `decode(encode(text))` is the text. */
  readonly isLossless: boolean;
  /** The format that keeps all of it, and what its files leave out. @default tokenizer.json */
  readonly format?: "sentencepiece" | "tiktoken";
  readonly rules?: LoadOptions;
}

/** One tokenizer of each kind, all of them our own. */
export const families: readonly Family[] = [
  {
    name: "a trained byte-level BPE",
    load: () => loadWith({}),
    isLossless: true,
  },
  {
    name: "a byte-level BPE with a prefix and added tokens",
    load: () =>
      loadWith(golden.cases.find(({ name }) => name === "32 trim_offsets with a prefix")!.changes),
    isLossless: false,
  },
  {
    name: "a byte-level BPE behind NFC",
    load: () => loadWith({ normalizer: { type: "NFC" } }),
    isLossless: false,
  },
  ...tiktokenFamilies(),
  ...["CLIP", "GPT-1"].map(pipelineFamily),
  characterFamily("24 bytes of a character"),
  characterFamily("24 unknowns, fused"),
  bertFamily("42 uncased"),
  bertFamily("WordLevel"),
  unigramFamily("60 61 plain"),
  unigramFamily("61 63 bytes"),
  ...[
    "unigram",
    "unigram with bytes and denormalizer",
    "unigram in suffix mode",
    "bpe with bytes",
    "bpe with UNUSED pieces",
    "bpe that keeps everything",
    "char",
    "word",
  ].map(sentencePieceFamily),
];

/** Nine real vocabularies where the shared data has them, else none. */
export const realFamilies: readonly Family[] =
  sharedData("tokenizers") === undefined
    ? []
    : [
        realFamily("gpt2/tokenizer.json", true),
        realFamily("phi-2/tokenizer.json", true),
        {
          ...realFamily("cl100k_base/cl100k_base.tiktoken", true, { pattern: "cl100k" }),
          format: "tiktoken",
        },
        {
          ...realFamily("whisper-multilingual/multilingual.tiktoken", true, { pattern: "gpt2" }),
          format: "tiktoken",
        },
        realFamily("bert-base-uncased/tokenizer.json", false),
        realFamily("bert-base-uncased/vocab.txt", false),
        realFamily("mistral-v1/tokenizer.json", false),
        { ...realFamily("mistral-v1/tokenizer.model", false), format: "sentencepiece" },
        { ...realFamily("albert-base-v1/spiece.model", false), format: "sentencepiece" },
        realFamily("t5-small/tokenizer.json", false),
        {
          ...realFamily("test_sentencepiece/test_sentencepiece.model", false),
          format: "sentencepiece",
        },
      ];

function readGolden<T>(name: string): T {
  const url = new URL(`../../goldens/tokenizers/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}

function loadJson(json: unknown): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

function tiktokenFamilies(): Family[] {
  const { ranks, specialTokens } = readGolden<{
    ranks: string;
    specialTokens: Record<string, number>;
  }>("tiktoken-ranks");
  return ["gpt2", "cl100k", "o200k"].map((pattern) => {
    const rules = { pattern, specialTokens };
    const load = (): Promise<Tokenizer> => Tokenizer.load(new TextEncoder().encode(ranks), rules);
    return { name: `ranks, cut as ${pattern}`, load, isLossless: true, format: "tiktoken", rules };
  });
}

/** Whole tokenizers of characters with `</w>`. */
function pipelineFamily(name: string): Family {
  const { tokenizers } = readGolden<{ tokenizers: { name: string; file: unknown }[] }>(
    "bpe-pipelines",
  );
  const { file } = tokenizers.find((one) => one.name.startsWith(name))!;
  return { name, load: () => loadJson(file), isLossless: false };
}

function characterFamily(name: string): Family {
  const { cases } = readGolden<{ cases: { name: string; model: object }[] }>("character-bpe");
  const { model } = cases.find((one) => one.name === name)!;
  return { name: `BPE of characters: ${name}`, load: () => loadJson({ model }), isLossless: false };
}

function bertFamily(name: string): Family {
  const { written, cases } = readGolden<{
    written: object;
    cases: { name: string; changes: object }[];
  }>("bert");
  const { changes } = cases.find((one) => one.name === name)!;
  const load = (): Promise<Tokenizer> => loadJson({ ...written, ...changes });
  return { name: `WordPiece: ${name}`, load, isLossless: false };
}

function unigramFamily(name: string): Family {
  const { cases } = readGolden<{ cases: { name: string; json: object }[] }>("unigram");
  const { json } = cases.find((one) => one.name === name)!;
  return { name: `Unigram: ${name}`, load: () => loadJson(json), isLossless: false };
}

function sentencePieceFamily(name: string): Family {
  const one = sentencePieceCases.find((each) => each.name === name)!;
  const load = (): Promise<Tokenizer> => Tokenizer.load(unpackModel(one));
  return { name: `SentencePiece: ${name}`, load, isLossless: false, format: "sentencepiece" };
}

function realFamily(path: string, isLossless: boolean, rules: LoadOptions = {}): Family {
  const source: TokenizerSource = sharedData(`tokenizers/${path}`)!;
  return { name: path, load: () => Tokenizer.load(source, rules), isLossless, rules };
}
