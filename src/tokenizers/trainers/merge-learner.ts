import { PairTable } from "../kernels/pair-table.ts";
import { OccurrenceLists } from "./occurrence-lists.ts";
import { type Candidate, PairQueue } from "./pair-queue.ts";

/** Words as rows of symbols, all in one array. */
export interface SymbolRows {
  /** [N] ids. */
  readonly symbols: Int32Array;
  /** [words + 1] where each word starts in `symbols`; the last is N. */
  readonly starts: Int32Array;
  /** [words] how often each word occurs. */
  readonly counts: Float64Array;
}

/**
 * Joins the most frequent pair of neighbors, again and again, and keeps all counts right as it goes:
 * after a merge only its neighbors are counted anew. O(N + changes · log pairs).
 *
 * Ties go to the smaller (left id, right id), as in Hugging Face `tokenizers`. In a row of equal
 * symbols the pairs overlap and all are counted, but they are joined from the left.
 */
export class MergeLearner {
  readonly #symbols: Int32Array; // [N], changed as merges are made; -1 where merged away
  readonly #next: Int32Array; // [N] the next symbol of the word, -1 after the last
  readonly #previous: Int32Array; // [N]
  readonly #weights: Float64Array; // [N] how often the word occurs
  readonly #pairs = new PairTable(1024);
  #counts = new Float64Array(1024); // by pair
  readonly #occurrences = new OccurrenceLists();
  readonly #queue = new PairQueue();
  #touched: number[] = []; // pairs with an open list

  constructor({ symbols, starts, counts }: SymbolRows) {
    this.#symbols = symbols.slice();
    this.#next = Int32Array.from(symbols.keys(), (i) => i + 1);
    this.#previous = Int32Array.from(symbols.keys(), (i) => i - 1);
    this.#weights = new Float64Array(symbols.length);
    for (let word = 0; word < counts.length; word++) {
      const [start, end] = [starts[word]!, starts[word + 1]!];
      if (start === end) continue;
      this.#weights.fill(counts[word]!, start, end);
      this.#previous[start] = -1;
      this.#next[end - 1] = -1;
    }
    for (let i = 0; i < symbols.length; i++) {
      if (this.#next[i] !== -1) this.#gain(symbols[i]!, symbols[i + 1]!, i);
    }
    this.#enqueueTouched();
  }

  /** The next pair to merge, or undefined if none occurs `minCount` times. */
  takeBest(minCount: number): Candidate | undefined {
    for (let best = this.#queue.pop(); best !== undefined; best = this.#queue.pop()) {
      const count = this.#counts[this.#pairs.find(best.left, best.right)]!;
      if (best.count === count) return count >= minCount ? best : undefined;
      best.count = count;
      if (count > 0) this.#queue.push(best);
    }
    return undefined;
  }

  /** Replaces a pair by `merged` wherever it still is. */
  merge({ left, right, occurrences }: Candidate, merged: number): void {
    this.#occurrences.drain(occurrences, (at) => {
      const other = this.#next[at]!;
      if (this.#symbols[at] !== left || other === -1 || this.#symbols[other] !== right) return;
      const before = this.#previous[at]!;
      const behind = this.#next[other]!;
      this.#symbols[at] = merged;
      this.#symbols[other] = -1;
      this.#next[at] = behind;
      if (before !== -1) {
        this.#lose(this.#symbols[before]!, left, at);
        this.#gain(this.#symbols[before]!, merged, before);
      }
      if (behind !== -1) {
        this.#previous[behind] = at;
        this.#lose(right, this.#symbols[behind]!, at);
        this.#gain(merged, this.#symbols[behind]!, at);
      }
    });
    this.#enqueueTouched();
  }

  #gain(left: number, right: number, at: number): void {
    const pair = this.#pairs.intern(left, right);
    if (pair >= this.#counts.length) this.#growCounts();
    this.#counts[pair]! += this.#weights[at]!;
    if (this.#occurrences.add(pair, at)) this.#touched.push(pair);
  }

  #lose(left: number, right: number, at: number): void {
    this.#counts[this.#pairs.find(left, right)]! -= this.#weights[at]!;
  }

  #enqueueTouched(): void {
    for (const pair of this.#touched) {
      const occurrences = this.#occurrences.close(pair);
      const count = this.#counts[pair]!;
      if (count > 0) {
        const [left, right] = [this.#pairs.left(pair), this.#pairs.right(pair)];
        this.#queue.push({ left, right, count, occurrences });
      } else {
        this.#occurrences.drain(occurrences, () => {});
      }
    }
    this.#touched = [];
  }

  #growCounts(): void {
    const counts = new Float64Array(2 * this.#counts.length);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
