import { ConfigError, type Progress } from "orrery-lm/base";
import type { WordCounts } from "./words/word-counts.ts";

/** Texts to learn from: no token crosses the end of one. */
export type Texts = Iterable<string> | AsyncIterable<string>;

/** What can be learned. */
export const ALGORITHMS = ["bpe", "wordpiece", "unigram", "sentencepiece-bpe"] as const;

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

/** @throws {ConfigError} if a special token is empty, is given twice, or is not well-formed. */
export function checkSpecialTokens(specialTokens: readonly string[]): void {
  // Of equal tokens the map has the last place.
  const places = new Map(specialTokens.map((token, i) => [token, i]));
  if (specialTokens.includes("")) throw new ConfigError("trainTokenizer: a special token is empty");
  const twice = specialTokens.find((token, i) => places.get(token) !== i);
  if (twice !== undefined) {
    throw new ConfigError(
      `trainTokenizer: specialTokens: expected each token once, got ${JSON.stringify(twice)} twice`,
    );
  }
  checkWellFormed({ specialTokens });
}

/**
 * No file can hold half of a surrogate pair.
 * @throws {ConfigError} if a text of an option has one.
 */
export function checkWellFormed(
  options: Readonly<Record<string, string | readonly string[] | undefined>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    const texts = typeof value === "string" ? [value] : (value ?? []);
    const broken = texts.find((text) => !text.isWellFormed());
    if (broken !== undefined) {
      throw new ConfigError(
        `trainTokenizer: ${name}: expected characters, got half of a surrogate pair in ${JSON.stringify(broken)}`,
      );
    }
  }
}

/** @throws {ConfigError} if what was given to learn from is no text. */
export function checkText(text: unknown): void {
  if (typeof text === "string") return;
  throw new ConfigError(`trainTokenizer: expected texts, got ${typeof text} among them`);
}

/** @throws {ConfigError} if an option is given and is none of the names. */
export function checkOneOf<const T extends string>(
  option: string,
  value: T | undefined,
  names: readonly T[],
): void {
  if (value === undefined || names.includes(value)) return;
  const known = names.map((name) => JSON.stringify(name)).join(", ");
  throw new ConfigError(
    `trainTokenizer: ${option}: expected one of ${known}, got ${JSON.stringify(value)}`,
  );
}

/** @throws {ConfigError} if an option is given and is no number, or less than `least`. */
export function checkAtLeast(
  least: number,
  options: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || (typeof value === "number" && value >= least)) continue;
    throw new ConfigError(
      `trainTokenizer: ${name}: expected a number from ${least} on, got ${value}`,
    );
  }
}
