import type { TokenizerJson } from "orrery-lm/formats";
import { Tokenizer } from "../tokenizer.ts";
import type { TrainBPEOptions } from "./bpe/options.ts";
import { trainBPE } from "./bpe/train-bpe.ts";
import type { TrainSentencePieceBPEOptions, TrainUnigramOptions } from "./sentencepiece/options.ts";
import { trainSentencePiece } from "./sentencepiece/train-sentencepiece.ts";
import { ALGORITHMS, type Texts, checkOneOf } from "./training-options.ts";
import type { TrainWordPieceOptions } from "./word-piece/options.ts";
import { trainWordPiece } from "./word-piece/train-word-piece.ts";
import type { WordCounts } from "./words/word-counts.ts";

/** Options of {@link trainTokenizer}, by algorithm. */
export type TrainTokenizerOptions =
  | TrainBPEOptions
  | TrainWordPieceOptions
  | TrainUnigramOptions
  | TrainSentencePieceBPEOptions;

/**
 * Learns a tokenizer from texts, or from words that were counted by {@link countWords} with the same
 * options. Without `algorithm` it is a byte-level BPE, whose ids are those that Hugging Face
 * `tokenizers` 0.23 learns. The same texts give the same tokenizer, in whatever order they come
 * (except with `tieBreak: "first"`, and where `maxWords` drops words).
 *
 * No token crosses the end of a text. That library reads files line by line, so feed a file as
 * `splitLines(text)` to learn what it learns.
 *
 * @throws {ConfigError} if there is no text, options are out of range or exclude each other,
 * `vocabSize` has no room for the special tokens and the alphabet, or a special token is empty.
 * @example
 * const tokenizer = await trainTokenizer(splitLines(text), { vocabSize: 1024 });
 */
export async function trainTokenizer(
  source: Texts | WordCounts,
  options: TrainTokenizerOptions,
): Promise<Tokenizer> {
  return Tokenizer.create(await train(source, options));
}

function train(source: Texts | WordCounts, options: TrainTokenizerOptions): Promise<TokenizerJson> {
  checkOneOf("algorithm", options.algorithm, ALGORITHMS);
  switch (options.algorithm) {
    case undefined:
    case "bpe":
      return trainBPE(source, options);
    case "wordpiece":
      return trainWordPiece(source, options);
    case "unigram":
    case "sentencepiece-bpe":
      return trainSentencePiece(source, options);
  }
  return options satisfies never;
}

/**
 * Cuts a text behind each line feed, which stays with its line.
 * @yields the lines; joined, they are the text
 */
export function* splitLines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed + 1;
    yield text.slice(start, end);
    start = end;
  }
}
