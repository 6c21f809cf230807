import { ConfigError } from "orrery-lm/base";
import type { NormalizationRules } from "../../normalizers/normalization-rules.ts";
import { type ReadingOptions, checkWellFormed } from "../training-options.ts";
import type { PieceRulesOptions } from "./piece-rules.ts";
import type { CoverageOptions } from "./training-text.ts";

/** How a text becomes words, for the trainers of SentencePiece. */
export interface SentencePieceWordOptions {
  /**
   * What is done to the text first: the name of a set of rules, or rules of one's own, see
   * {@link NormalizationRules}. @default "nmt_nfkc"
   */
  readonly normalization?: NormalizationRules;
  /** Puts a blank before the first word. @default true */
  readonly addDummyPrefix?: boolean;
  /** Blanks at the ends go, others become one. @default true */
  readonly removeExtraWhitespaces?: boolean;
  /** The blank is the end of a word and not its beginning. @default false */
  readonly treatWhitespaceAsSuffix?: boolean;
  /** Several blanks may be a piece. @default false */
  readonly allowWhitespaceOnlyPieces?: boolean;
  /** No piece goes over a blank. @default true */
  readonly splitByWhitespace?: boolean;
  /** A longer text, in bytes, is left out, which is told to `onProgress`. @default 4192 */
  readonly maxSentenceLength?: number;
  /** Pieces that never match text. @default [] */
  readonly controlSymbols?: readonly string[];
  /** Pieces that always match, before anything else. @default [] */
  readonly userDefinedSymbols?: readonly string[];
  /** Unknown characters become bytes: 256 pieces more. @default false */
  readonly byteFallback?: boolean;
  /** Ids of the first pieces; -1 for none. @default { unk: 0, bos: 1, eos: 2, pad: -1 } */
  readonly ids?: { readonly [name in "unk" | "bos" | "eos" | "pad"]?: number };
}

/** Options of both trainers of SentencePiece, by their names there, in camelCase. */
export interface SentencePieceOptions
  extends SentencePieceWordOptions, Partial<CoverageOptions>, ReadingOptions {
  /** Pieces in all. */
  readonly vocabSize: number;
  /** False: fewer pieces are no error, if the text has no more. @default true */
  readonly hardVocabLimit?: boolean;
  /** In code points. @default 16 */
  readonly maxSentencepieceLength?: number;
  /** No piece has characters of two scripts. @default true */
  readonly splitByUnicodeScript?: boolean;
  /** No piece has digits beside letters. @default true */
  readonly splitByNumber?: boolean;
  /** Each digit is a piece of its own. @default false */
  readonly splitDigits?: boolean;
}

/** Options of {@link trainTokenizer} for BPE as SentencePiece learns it. */
export interface TrainSentencePieceBPEOptions extends SentencePieceOptions {
  readonly algorithm: "sentencepiece-bpe";
}

/** Options of {@link trainTokenizer} for Unigram as SentencePiece learns it. */
export interface TrainUnigramOptions extends SentencePieceOptions {
  readonly algorithm: "unigram";
  /** How many strings training starts from, besides all characters. @default 1_000_000 */
  readonly seedSentencepieceSize?: number;
  /** The part of the pieces that a round keeps. @default 0.75 */
  readonly shrinkingFactor?: number;
  /** Steps of expectation and maximization in a round. @default 2 */
  readonly numSubIterations?: number;
}

/** The options of the rules, with what is left out. */
export function pieceRulesOptions(options: SentencePieceOptions): PieceRulesOptions {
  return {
    maxPieceLength: options.maxSentencepieceLength ?? 16,
    splitByUnicodeScript: options.splitByUnicodeScript ?? true,
    splitByNumber: options.splitByNumber ?? true,
    splitDigits: options.splitDigits ?? false,
    splitByWhitespace: options.splitByWhitespace ?? true,
    treatWhitespaceAsSuffix: options.treatWhitespaceAsSuffix ?? false,
    allowWhitespaceOnlyPieces: options.allowWhitespaceOnlyPieces ?? false,
  };
}

/**
 * @throws {ConfigError} if a number is not in the range that SentencePiece allows, or a piece is not
 * well-formed.
 */
export function checkSentencePieceOptions(
  options: TrainUnigramOptions | TrainSentencePieceBPEOptions,
): void {
  const { controlSymbols, userDefinedSymbols } = options;
  checkWellFormed({ controlSymbols, userDefinedSymbols });
  checkInteger("vocabSize", options.vocabSize, [1, 2 ** 24]);
  checkInteger("maxSentencepieceLength", options.maxSentencepieceLength ?? 16, [1, 512]);
  checkInteger("maxSentenceLength", options.maxSentenceLength ?? 4192, [10, 2 ** 30]);
  checkRange("characterCoverage", options.characterCoverage ?? 1, [0.98, 1]);
  if (options.algorithm !== "unigram") return;
  checkInteger("seedSentencepieceSize", options.seedSentencepieceSize ?? 1, [1, 2 ** 30]);
  checkInteger("numSubIterations", options.numSubIterations ?? 2, [1, 10]);
  checkRange("shrinkingFactor", options.shrinkingFactor ?? 0.75, [0.5, 0.95]);
}

function checkInteger(name: string, value: number, range: readonly [number, number]): void {
  if (!Number.isInteger(value)) fail(name, value, "a whole number");
  checkRange(name, value, range);
}

function checkRange(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (!(value >= least && value <= most)) fail(name, value, `a number from ${least} to ${most}`);
}

function fail(name: string, value: number, expected: string): never {
  throw new ConfigError(`trainTokenizer: ${name}: expected ${expected}, got ${value}`);
}
