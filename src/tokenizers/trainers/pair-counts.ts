import { ConfigError } from "orrery-lm/base";
import { PairTable } from "../collections/pair-table.ts";
import { OccurrenceLists } from "./occurrence-lists.ts";
import type { SymbolRows } from "./symbol-rows.ts";

/** Settings of {@link PairCounts}. */
export interface PairCountsOptions {
  /** The length of each token, by id; it grows with the vocabulary. */
  readonly lengths: readonly number[];
  /** Pairs that would be longer are not counted. */
  readonly maxTokenLength: number;
}

/**
 * How often each pair of neighbors occurs in the words, and where. It stays right as pairs are joined:
 * only the neighbors of what is joined are counted anew. In a row of equal symbols the pairs overlap
 * and all are counted, but they are joined from the left.
 */
export class PairCounts {
  readonly pairs: PairTable = new PairTable(1024);
  /** Symbols in all words, as they were at first. */
  symbolCount = 0;
  #counts = new Float64Array(1024); // by pair
  readonly #occurrences = new OccurrenceLists();
  #isTouched = new Uint8Array(1024); // by pair
  #touched: number[] = [];
  readonly #symbols: Int32Array; // [N], changed as pairs are joined
  readonly #next: Int32Array; // [N] the next symbol of the word, -1 after the last
  readonly #previous: Int32Array; // [N]
  readonly #pairAt: Int32Array; // [N] the pair of a symbol and the next one, -1 where none is counted
  readonly #weights: Float64Array; // [N] how often the word occurs
  readonly #lengths: readonly number[];
  readonly #maxTokenLength: number;

  /** @throws {ConfigError} if the words have more than 2^53 - 1 symbols in all. */
  constructor({ symbols, starts, counts }: SymbolRows, options: PairCountsOptions) {
    this.#lengths = options.lengths;
    this.#maxTokenLength = options.maxTokenLength;
    this.#symbols = symbols.slice();
    this.#next = new Int32Array(symbols.length);
    this.#previous = new Int32Array(symbols.length);
    this.#pairAt = new Int32Array(symbols.length).fill(-1);
    this.#weights = new Float64Array(symbols.length);
    for (let word = 0; word < counts.length; word++) {
      const [start, end] = [starts[word]!, starts[word + 1]!];
      this.symbolCount += counts[word]! * (end - start);
      for (let i = start; i < end; i++) {
        this.#weights[i] = counts[word]!;
        this.#previous[i] = i === start ? -1 : i - 1;
        this.#next[i] = i + 1 === end ? -1 : i + 1;
      }
    }
    // No pair, and no sum of pairs, occurs more often than there are symbols.
    if (!Number.isSafeInteger(this.symbolCount)) {
      throw new ConfigError(
        `trainTokenizer: the words have ${this.symbolCount} symbols; beyond 2^53 - 1 counts are ` +
          `not exact`,
      );
    }
    for (let i = 0; i < symbols.length; i++) this.#gain(i);
  }

  /** The pairs that have gained occurrences since this was last asked. */
  takeTouched(): number[] {
    const touched = this.#touched;
    this.#touched = [];
    for (const pair of touched) this.#isTouched[pair] = 0;
    return touched;
  }

  /** How often a pair occurs; those that overlap in "aaa" are two. */
  countOf(pair: number): number {
    return this.#counts[pair]!;
  }

  /** How often a pair can be joined: in "aaa" once. */
  joinableCount(pair: number): number {
    if (this.pairs.left(pair) !== this.pairs.right(pair)) return this.#counts[pair]!;
    let count = 0;
    let taken = -1;
    for (const at of this.#placesOf(pair)) {
      if (at === taken) continue;
      taken = this.#next[at]!;
      count += this.#weights[at]!;
    }
    return count;
  }

  /** Where a pair comes first, or -1 if it is nowhere. */
  firstPlaceOf(pair: number): number {
    return this.#placesOf(pair)[0] ?? -1;
  }

  /** Joins a pair to `merged` wherever it is, and forgets its count. Gives how often it was. */
  joinAll(pair: number, merged: number): number {
    let joined = 0;
    this.#occurrences.drain(pair, (at) => {
      if (this.#pairAt[at] === pair) joined += this.#joinAt(at, merged);
    });
    this.#counts[pair] = 0;
    return joined;
  }

  /**
   * The places where a pair is, ascending. A pair of old tokens does not come up again, for all of a
   * pair are joined at once: so its list was made in one go, from the left.
   */
  #placesOf(pair: number): number[] {
    const places: number[] = [];
    this.#occurrences.visit(pair, (at) => {
      if (this.#pairAt[at] === pair) places.push(at);
    });
    return places;
  }

  /** Joins the symbol at a place and the next one. Gives how often their word occurs. */
  #joinAt(at: number, merged: number): number {
    const other = this.#next[at]!;
    const before = this.#previous[at]!;
    const behind = this.#next[other]!;
    if (before !== -1) this.#lose(before);
    this.#lose(other);
    this.#symbols[at] = merged;
    this.#next[at] = behind;
    if (before !== -1) this.#gain(before);
    if (behind !== -1) this.#previous[behind] = at;
    this.#gain(at);
    return this.#weights[at]!;
  }

  /** Counts the pair that starts at a place, if there is one. */
  #gain(at: number): void {
    const next = this.#next[at]!;
    this.#pairAt[at] = -1;
    if (next === -1) return;
    const [left, right] = [this.#symbols[at]!, this.#symbols[next]!];
    if (this.#lengths[left]! + this.#lengths[right]! > this.#maxTokenLength) return;
    const pair = this.pairs.intern(left, right);
    if (pair >= this.#counts.length) this.#growCounts();
    this.#pairAt[at] = pair;
    this.#counts[pair]! += this.#weights[at]!;
    this.#occurrences.add(pair, at);
    if (this.#isTouched[pair] === 1) return;
    this.#isTouched[pair] = 1;
    this.#touched.push(pair);
  }

  /** Forgets the pair that starts at a place. */
  #lose(at: number): void {
    const pair = this.#pairAt[at]!;
    if (pair === -1) return;
    this.#counts[pair]! -= this.#weights[at]!;
    this.#pairAt[at] = -1;
  }

  #growCounts(): void {
    const counts = new Float64Array(2 * this.#counts.length);
    counts.set(this.#counts);
    this.#counts = counts;
    const isTouched = new Uint8Array(counts.length);
    isTouched.set(this.#isTouched);
    this.#isTouched = isTouched;
  }
}
