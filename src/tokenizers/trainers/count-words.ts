import { readTokenizer } from "../loading/load.ts";
import { bpePreparation, preparationOf } from "./bpe/pipeline.ts";
import type { BPEWordOptions } from "./bpe/options.ts";
import type { SentencePieceWordOptions } from "./sentencepiece/options.ts";
import { sentencePreparation } from "./sentencepiece/train-sentencepiece.ts";
import { ALGORITHMS, type ReadingOptions, type Texts, checkOneOf } from "./training-options.ts";
import type { WordPieceWordOptions } from "./word-piece/options.ts";
import { wordPiecePreparation } from "./word-piece/train-word-piece.ts";
import { countPreparedWords } from "./words/count-words.ts";
import type { Preparation } from "./words/text-counter.ts";
import type { WordCounts } from "./words/word-counts.ts";

/** How words are cut for an algorithm: of the options of `trainTokenizer`, those that matter here. */
export type WordOptions =
  | (BPEWordOptions & { readonly algorithm?: "bpe" })
  | (WordPieceWordOptions & { readonly algorithm: "wordpiece" })
  | (SentencePieceWordOptions & { readonly algorithm: "unigram" | "sentencepiece-bpe" });

/**
 * Counts the words of texts: the first half of a training, which can be done in parts. Counts that were
 * made with the same options can be merged, saved, and given to `trainTokenizer` with those options.
 * No word crosses the end of a text.
 *
 * @throws {ConfigError} if the texts are one string or no texts, there is nothing in them, or an
 * option is not known.
 */
export async function countWords(
  texts: Texts,
  options: WordOptions & ReadingOptions = {},
): Promise<WordCounts> {
  return countPreparedWords(texts, await preparationFor(options), options);
}

async function preparationFor(options: WordOptions): Promise<Preparation> {
  checkOneOf("algorithm", options.algorithm, ALGORITHMS);
  switch (options.algorithm) {
    case "wordpiece":
      return wordPiecePreparation(options);
    case "unigram":
    case "sentencepiece-bpe":
      return sentencePreparation(options);
    case undefined:
    case "bpe":
      if (options.from === undefined) return bpePreparation(options);
      return preparationOf(await readTokenizer(options.from.save("tokenizer.json")));
  }
  return options satisfies never;
}
