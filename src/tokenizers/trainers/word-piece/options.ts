import { ConfigError } from "orrery-lm/base";
import type { AlphabetOptions } from "../words/alphabet.ts";
import {
  type MergeStep,
  type ReadingOptions,
  checkAtLeast,
  checkOneOf,
  checkSpecialTokens,
  checkWellFormed,
} from "../training-options.ts";
import type { WordPieceScore } from "./score.ts";

/** How the text becomes words: BERT's way. */
export interface WordPieceWordOptions {
  /** @default true */
  readonly lowercase?: boolean;
  /** Take accents off. @default as `lowercase` */
  readonly stripAccents?: boolean;
  /** Make each Chinese character a word of its own. @default true */
  readonly handleChineseChars?: boolean;
  /** Drop control characters, and make all white space blanks. @default true */
  readonly cleanText?: boolean;
}

/** Options of {@link trainWordPiece}. */
export interface TrainWordPieceOptions
  extends WordPieceWordOptions, AlphabetOptions, ReadingOptions {
  readonly algorithm: "wordpiece";
  /** Tokens in all: special tokens, alphabet and what is learned. Fewer if no pair is left. */
  readonly vocabSize: number;
  /** How the pair to join is chosen. @default "likelihood" */
  readonly score?: WordPieceScore;
  /** Likelihood only: a merge that gains no more than this many nats is not made. @default 0 */
  readonly minGain?: number;
  /** A pair that occurs less often is not joined. @default 2 */
  readonly minFrequency?: number;
  /**
   * They get the first ids. `unkToken` must be one of them; if "[CLS]" and "[SEP]" are, they go around
   * texts as in BERT. @default [PAD], [UNK], [CLS], [SEP], [MASK]
   */
  readonly specialTokens?: readonly string[];
  /** Stands for a word that has a part which is no token. @default "[UNK]" */
  readonly unkToken?: string;
  /** Put before each part of a word but the first. @default "##" */
  readonly continuingSubwordPrefix?: string;
  /** Longer words are unknown when they are encoded. @default 100 */
  readonly maxInputCharsPerWord?: number;
  /** No token has more characters, the prefix not counted. @default Infinity */
  readonly maxTokenLength?: number;
  /** Told of each merge. */
  readonly onMerge?: (step: MergeStep) => void;
}

/** BERT's special tokens. */
export const BERT_SPECIAL_TOKENS: readonly string[] = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
];

/** @throws {ConfigError} if options are out of range or exclude each other. */
export function checkWordPieceOptions(options: TrainWordPieceOptions): void {
  const { specialTokens = BERT_SPECIAL_TOKENS, unkToken = "[UNK]", score, minGain } = options;
  checkSpecialTokens(specialTokens);
  const { continuingSubwordPrefix, initialAlphabet } = options;
  checkWellFormed({ unkToken, continuingSubwordPrefix, initialAlphabet });
  const { minFrequency, limitAlphabet, maxTokenLength, maxInputCharsPerWord = 100 } = options;
  checkAtLeast(0, { minFrequency, limitAlphabet });
  checkAtLeast(1, { maxTokenLength });
  checkAtLeast(-Infinity, { minGain });
  if (!(Number.isInteger(maxInputCharsPerWord) && maxInputCharsPerWord >= 0)) {
    throw new ConfigError(
      `trainTokenizer: maxInputCharsPerWord must be 0, 1, 2, …, got ${maxInputCharsPerWord}`,
    );
  }
  checkOneOf("score", score, ["likelihood", "ratio", "frequency"]);
  if (!specialTokens.includes(unkToken)) {
    throw new ConfigError(
      `trainTokenizer: expected the unknown token ${JSON.stringify(unkToken)} among specialTokens, ` +
        `got ${JSON.stringify(specialTokens)}`,
    );
  }
  if (minGain !== undefined && score !== undefined && score !== "likelihood") {
    throw new ConfigError(`trainTokenizer: minGain has no meaning together with score "${score}"`);
  }
}
