import {
  type LoadOptions,
  type SaveFormat,
  type TrainTokenizerOptions,
  trainTokenizer,
} from "orrery-lm/tokenizers";

/** A tokenizer of which is measured what a page fetches for it. */
export interface SizedTokenizer {
  readonly name: string;
  readonly files: () => Promise<Readonly<Record<string, Uint8Array>>>;
  readonly options?: LoadOptions;
  /** How many bytes, gzipped, it may take. */
  readonly most: number;
}

const RANKS = { pattern: "cl100k", specialTokens: {} };

/** One of each way through the code. */
export const sizedTokenizers: readonly SizedTokenizer[] = [
  sized("byte-level BPE, GPT-2's", 51_500, { vocabSize: 300 }),
  { name: "byte-level BPE, NFC, Qwen2's", most: 55_500, files: () => changed(likeQwen()) },
  { name: "byte-level BPE, any pattern", most: 69_500, files: () => changed(withPattern()) },
  sized(".tiktoken, cl100k's pattern", 53_500, { vocabSize: 300 }, ["tiktoken", RANKS]),
  sized("WordPiece", 61_500, { algorithm: "wordpiece", vocabSize: 40 }),
  sized(".model, BPE", 69_500, { algorithm: "sentencepiece-bpe", vocabSize: 15 }, [
    "sentencepiece",
  ]),
  sized(".model, Unigram", 69_500, { algorithm: "unigram", vocabSize: 12 }, ["sentencepiece"]),
];

function sized(
  name: string,
  most: number,
  training: TrainTokenizerOptions,
  [format, options]: readonly [SaveFormat, LoadOptions?] = ["tokenizer.json"],
): SizedTokenizer {
  const files = async (): Promise<Record<string, Uint8Array>> =>
    (await trainTokenizer(["low lower lowest new newer"], training)).save(format);
  return { name, most, files, ...(options && { options }) };
}

/** The file of a byte-level BPE of which some members are others. */
async function changed(members: object): Promise<Record<string, Uint8Array>> {
  const tokenizer = await trainTokenizer(["low lower lowest new newer"], { vocabSize: 300 });
  const file = new TextDecoder().decode(tokenizer.save("tokenizer.json")["tokenizer.json"]);
  const json = { ...(JSON.parse(file) as object), ...members };
  return { "tokenizer.json": new TextEncoder().encode(JSON.stringify(json)) };
}

function likeQwen(): object {
  const contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  const words = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*`;
  const spaces = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;
  return {
    normalizer: { type: "NFC" },
    pre_tokenizer: cutBy(`${contraction}|${words}|${spaces}`),
  };
}

function withPattern(): object {
  return { pre_tokenizer: cutBy(String.raw` ?\p{L}+|\p{Han}|.`) };
}

function cutBy(pattern: string): object {
  const flags = { add_prefix_space: false, trim_offsets: true, use_regex: false };
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  return { type: "Sequence", pretokenizers: [split, { type: "ByteLevel", ...flags }] };
}
