import { ConfigError, type Progress } from "orrery-lm/base";
import type { WordCounts } from "./words/word-counts.ts";

/** Texts to learn from: no token crosses the end of one. */
export type Texts = Iterable<string> | AsyncIterable<string>;

/** Options of everything that reads texts for long. */
export interface ReadingOptions {
  /**
   * How many different words are counted; beyond it the rare ones are dropped, see
   * {@link WordCountsOptions}. What was dropped is told to `onProgress`. @default Infinity
   */
  readonly maxWords?: number;
  /**
   * How many workers count words; each batch of about a million characters goes to one of them. The
   * result is the same for any number. Where none can be started, the calling thread counts.
   * @default 1: the calling thread
   */
  readonly workers?: number;
  /** Told of texts read (of an unknown total: 0), then of merges. */
  readonly onProgress?: Progress;
  /** Told of the words when all are counted, before anything is learned from them. */
  readonly onCounted?: (words: WordCounts) => void;
  /** Aborts: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A step of a training, for people to look at. */
export interface MergeStep {
  /** 1 for the first. */
  readonly step: number;
  readonly left: string;
  readonly right: string;
  /** What they became. */
  readonly token: string;
  /** How often the pair occurred. */
  readonly count: number;
  /** What it was chosen by: the count, or the score. */
  readonly score: number;
  /** Tokens in all, after it. */
  readonly vocabSize: number;
  /** Tokens that the texts take, after it. */
  readonly corpusTokens: number;
}

/** @throws {ConfigError} if a special token is empty. */
export function checkSpecialTokens(specialTokens: readonly string[]): void {
  if (specialTokens.includes("")) throw new ConfigError("trainTokenizer: a special token is empty");
}
