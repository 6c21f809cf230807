import { ConfigError } from "orrery-lm/base";
import type { NormalizerJson } from "orrery-lm/formats";
import type { Tokenizer } from "../../tokenizer.ts";
import type { AlphabetOptions } from "../words/alphabet.ts";
import { codePointCount } from "../code-point-count.ts";
import type { TieBreak } from "./tie-break.ts";
import type { WordCounts } from "../words/word-counts.ts";
import {
  type MergeStep,
  type ReadingOptions,
  checkAtLeast,
  checkOneOf,
  checkSpecialTokens,
  checkWellFormed,
} from "../training-options.ts";

/** How the text becomes words, and words symbols. */
export interface BPEWordOptions {
  /** What the words are made of. @default "bytes" */
  readonly symbols?: "bytes" | "characters";
  /**
   * What cuts a text into words: the name of a published pattern ("gpt2", "cl100k", …), a regular
   * expression of Oniguruma all of whose matches are words, or "whitespace": what stands between
   * white space, which is lost. @default "gpt2" for bytes, "whitespace" for characters
   */
  readonly pattern?: string;
  /** What is done to the text first. @default null */
  readonly normalizer?: NormalizerJson | null;
  /**
   * Characters only: how the end of a word is marked. "glued": the marker is put behind the last
   * character, which it makes another symbol ("t</w>"), as subword-nmt does. "separate": the white
   * space behind a word becomes the marker, one character, which is a symbol of its own; the pattern
   * must be "whitespace". @default none
   */
  readonly endOfWord?: { readonly kind: "glued" | "separate"; readonly marker: string };
  /** A tokenizer to go on from: it cuts the words, and its tokens and merges stay. */
  readonly from?: Tokenizer;
}

/** Options of {@link trainBPE}. */
export interface TrainBPEOptions extends BPEWordOptions, AlphabetOptions, ReadingOptions {
  readonly algorithm?: "bpe";
  /**
   * Tokens in all: special tokens, the 256 bytes or the alphabet, and merges. Fewer if the text has no
   * more pairs. Either this or `merges` is given.
   */
  readonly vocabSize?: number;
  /** Merges in all. */
  readonly merges?: number;
  /** Control tokens, such as "<|endoftext|>"; they get the first ids. @default [] */
  readonly specialTokens?: readonly string[];
  /** Characters only: the special token for characters that the vocabulary lacks. @default none */
  readonly unkToken?: string;
  /** A pair that occurs less often is not merged. @default 2 */
  readonly minFrequency?: number;
  /** Which of several pairs that are equally frequent is merged first. @default "idMin" */
  readonly tieBreak?: TieBreak;
  /** Characters only: put before each character of a word but the first, such as "##". */
  readonly continuingSubwordPrefix?: string;
  /**
   * No token has more bytes or characters, markers not counted. Hugging Face `tokenizers` gives the
   * same tokens for a `max_token_length` that is one more, from 2 on. @default Infinity
   */
  readonly maxTokenLength?: number;
  /** Told of each merge. */
  readonly onMerge?: (step: MergeStep) => void;
}

/**
 * @param words those to train on, if they were counted before
 * @throws {ConfigError} if options are out of range or exclude each other, or the words do not do.
 */
export function checkBPEOptions(options: TrainBPEOptions, words: WordCounts | undefined): void {
  const { vocabSize, merges, specialTokens = [], symbols = "bytes", endOfWord, from } = options;
  if ((vocabSize === undefined) === (merges === undefined)) {
    throw new ConfigError("trainTokenizer: expected vocabSize or merges, and not both");
  }
  if (merges !== undefined && !(Number.isInteger(merges) && merges >= 0)) {
    throw new ConfigError(`trainTokenizer: merges must be 0, 1, 2, …, got ${merges}`);
  }
  checkSpecialTokens(specialTokens);
  const { unkToken, pattern, continuingSubwordPrefix, initialAlphabet } = options;
  const marker = endOfWord?.marker;
  checkWellFormed({ unkToken, pattern, continuingSubwordPrefix, initialAlphabet, marker });
  const { minFrequency, limitAlphabet, maxTokenLength } = options;
  checkAtLeast(0, { minFrequency, limitAlphabet });
  checkAtLeast(1, { maxTokenLength });
  checkOneOf("tieBreak", options.tieBreak, ["idMin", "lexMax", "first", "shortLexMin"]);
  if (options.tieBreak === "first" && words?.isInTextOrder === false) {
    throw new ConfigError(
      'trainTokenizer: tieBreak "first" needs the order of the texts, which a file of counted words ' +
        "has lost; train on the texts",
    );
  }
  if (from !== undefined)
    refuseTogether(options, "from", ["symbols", "pattern", "normalizer", ...CHARACTER_OPTIONS]);
  else if (symbols === "bytes") refuseTogether(options, 'symbols "bytes"', CHARACTER_OPTIONS);
  if (endOfWord?.marker === "") {
    throw new ConfigError(
      "trainTokenizer: endOfWord: the marker is empty; leave endOfWord out for none",
    );
  }
  if (endOfWord?.kind !== "separate") return;
  if (
    codePointCount(endOfWord.marker) !== 1 ||
    (options.pattern ?? "whitespace") !== "whitespace"
  ) {
    throw new ConfigError(
      `trainTokenizer: a separate end of word is one character and needs the pattern "whitespace", ` +
        `got ${JSON.stringify(endOfWord.marker)} and ${JSON.stringify(options.pattern)}`,
    );
  }
}

const CHARACTER_OPTIONS = [
  "endOfWord",
  "continuingSubwordPrefix",
  "limitAlphabet",
  "initialAlphabet",
  "unkToken",
] as const;

function refuseTogether(
  options: TrainBPEOptions,
  what: string,
  names: readonly (keyof TrainBPEOptions)[],
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) {
    throw new ConfigError(`trainTokenizer: ${given} has no meaning together with ${what}`);
  }
}
