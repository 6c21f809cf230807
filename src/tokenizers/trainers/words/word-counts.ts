import { ConfigError } from "orrery-lm/base";
import { ByteStringTable } from "../../collections/byte-string-table.ts";

/** What was dropped to save memory. */
export interface DroppedWords {
  /** A word that came again after it was dropped, and was dropped again, counts twice. */
  readonly words: number;
  readonly occurrences: number;
  /** All words that were dropped occurred less often, as far as was known. */
  readonly threshold: number;
}

/** Settings of {@link WordCounts}. */
export interface WordCountsOptions {
  /** How the texts were cut into words; only counts of the same preparation go together. */
  readonly preparation: string;
  /**
   * How many different words are held. When there are more, the rare ones are dropped: those below
   * the smallest threshold, never smaller than the last one, that leaves at most half as many. What
   * remains then depends on the order of the texts, and a count may be too low by what was dropped.
   * @default Infinity
   */
  readonly maxWords?: number;
}

const NOTHING_DROPPED: DroppedWords = { words: 0, occurrences: 0, threshold: 1 };

/**
 * How often each word occurs: what training needs to know of the texts. A word is a stretch of bytes
 * that no token crosses the end of. Counts are exact up to 2^53.
 */
export class WordCounts {
  readonly preparation: string;
  /** Nothing, unless there were more than `maxWords`. */
  dropped: DroppedWords = NOTHING_DROPPED;
  /** How many texts were left out, by the reason, such as "longer than 4192 bytes". */
  leftOut: Readonly<Record<string, number>> = {};
  readonly #maxWords: number;
  #isInTextOrder: boolean;
  #words = new ByteStringTable();
  #counts = new Float64Array(1024); // by word

  /** @throws {ConfigError} if `maxWords` is below 2. */
  constructor({ preparation, maxWords = Infinity }: WordCountsOptions, isInTextOrder = true) {
    if (!(maxWords >= 2)) {
      throw new ConfigError(`WordCounts: maxWords must be at least 2, got ${maxWords}`);
    }
    this.preparation = preparation;
    this.#isInTextOrder = isInTextOrder;
    this.#maxWords = maxWords;
  }

  /** How many different words there are. They have the numbers 0, 1, … */
  get size(): number {
    return this.#words.size;
  }

  /** Whether the words are in the order in which the texts had them first. */
  get isInTextOrder(): boolean {
    return this.#isInTextOrder;
  }

  /** The bytes of a word: a view, valid until the next word is added. */
  bytesOf(word: number): Uint8Array {
    return this.#words.bytesOf(word);
  }

  /** How often a word occurs. */
  countOf(word: number): number {
    return this.#counts[word]!;
  }

  /** [size] How often each word occurs: a view, valid until the next word is added. */
  get counts(): Float64Array {
    return this.#counts.subarray(0, this.size);
  }

  /** Counts `bytes[start, end)` once. */
  addOne(bytes: Uint8Array, start: number, end: number): void {
    const word = this.#words.intern(bytes, start, end);
    if (word >= this.#counts.length) this.#grow();
    this.#counts[word]!++;
    if (this.size > this.#maxWords) this.#drop();
  }

  /**
   * Counts a word many times.
   * @throws {ConfigError} if its count passes 2^53 - 1.
   */
  add(word: Uint8Array, count: number): void {
    const number = this.#words.intern(word, 0, word.length);
    if (number >= this.#counts.length) this.#grow();
    const sum = this.#counts[number]! + count;
    if (!Number.isSafeInteger(sum)) {
      throw new ConfigError(
        `WordCounts: a word occurs ${sum} times; beyond 2^53 - 1 counts are not exact`,
      );
    }
    this.#counts[number] = sum;
    if (this.size > this.#maxWords) this.#drop();
  }

  /**
   * Adds what others have counted.
   * @throws {ConfigError} if they were prepared differently, or a count passes 2^53 - 1.
   */
  merge(other: WordCounts): void {
    if (other.preparation !== this.preparation) {
      throw new ConfigError(
        `WordCounts: expected words prepared as ${this.preparation}, got ${other.preparation}`,
      );
    }
    this.#isInTextOrder &&= other.isInTextOrder;
    this.noteDropped(other.dropped);
    for (const [reason, count] of Object.entries(other.leftOut)) this.noteLeftOut(reason, count);
    for (let word = 0; word < other.size; word++)
      this.add(other.bytesOf(word), other.countOf(word));
  }

  /** The numbers of the words in the order of their bytes, which does not depend on that of texts. */
  canonicalOrder(): Uint32Array {
    const words = Array.from({ length: this.size }, (_, word) => this.bytesOf(word));
    return Uint32Array.from(words.keys()).sort((a, b) => compareBytes(words[a]!, words[b]!));
  }

  /** Adds to what is known to have been dropped. */
  noteDropped({ words, occurrences, threshold }: DroppedWords): void {
    this.dropped = {
      words: this.dropped.words + words,
      occurrences: this.dropped.occurrences + occurrences,
      threshold: Math.max(this.dropped.threshold, threshold),
    };
  }

  /** Adds to what is known to have been left out. */
  noteLeftOut(reason: string, count = 1): void {
    this.leftOut = { ...this.leftOut, [reason]: (this.leftOut[reason] ?? 0) + count };
  }

  #drop(): void {
    const counts = this.#counts.slice(0, this.size).sort().reverse();
    const kept = Math.floor(this.#maxWords / 2);
    const threshold = Math.max(this.dropped.threshold, counts[kept]! + 1);
    const [words, before] = [this.#words, this.#counts];
    this.#words = new ByteStringTable();
    this.#counts = new Float64Array(before.length);
    let occurrences = 0;
    for (let word = 0; word < words.size; word++) {
      const count = before[word]!;
      if (count < threshold) {
        occurrences += count;
        continue;
      }
      const bytes = words.bytesOf(word);
      this.#counts[this.#words.intern(bytes, 0, bytes.length)] = count;
    }
    this.noteDropped({ words: words.size - this.size, occurrences, threshold });
  }

  #grow(): void {
    const counts = new Float64Array(2 * this.#counts.length);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

/** Orders byte strings as a dictionary does: negative if `a` comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
