import { ConfigError, compareCodePoints } from "orrery-lm/base";
import type { WordCounts } from "./word-counts.ts";

/** Which characters a vocabulary of characters starts with. */
export interface AlphabetOptions {
  /**
   * How many characters are kept, the most frequent ones; of two that are equally frequent, the one
   * with the smaller code point. The others are left out of the words. @default all
   */
  readonly limitAlphabet?: number;
  /** Characters that are kept in any case. @default [] */
  readonly initialAlphabet?: readonly string[];
}

/**
 * The characters of the words and those that are kept in any case, by code point.
 *
 * Of an entry of `initialAlphabet` only the first character counts, as in Hugging Face `tokenizers`;
 * which of equally frequent characters are kept is left to chance there.
 *
 * @throws {ConfigError} if the limit has no room for `initialAlphabet`.
 */
export function alphabetOf(
  words: WordCounts,
  { limitAlphabet = Infinity, initialAlphabet = [] }: AlphabetOptions,
): string[] {
  const counts = new Map<string, number>();
  for (let word = 0; word < words.size; word++) {
    const count = words.countOf(word);
    for (const character of charactersOf(words.bytesOf(word))) {
      counts.set(character, (counts.get(character) ?? 0) + count);
    }
  }
  for (const text of initialAlphabet) {
    const [character] = text;
    if (character !== undefined) counts.set(character, Infinity);
  }
  const initial = [...counts.values()].filter((count) => count === Infinity).length;
  if (limitAlphabet < initial) {
    throw new ConfigError(
      `trainTokenizer: limitAlphabet must be at least ${initial}, the size of initialAlphabet, ` +
        `got ${limitAlphabet}`,
    );
  }
  const byFrequency = [...counts].toSorted(([a, countA], [b, countB]) =>
    countA === countB ? compareCodePoints(a, b) : countA < countB ? 1 : -1,
  );
  const kept = byFrequency.slice(0, limitAlphabet).map(([character]) => character);
  return kept.toSorted(compareCodePoints);
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The characters of a word. */
export function charactersOf(bytes: Uint8Array): string[] {
  return Array.from(decoder.decode(bytes));
}
