import { PairCounts, type PairCountsOptions } from "../pair-counts.ts";
import { type Candidate, PairQueue } from "./pair-queue.ts";
import type { SymbolRows } from "../symbol-rows.ts";
import { type TieBreak, goesFirstBy } from "./tie-break.ts";

/** Settings of {@link MergeLearner}. */
export interface MergeLearnerOptions extends PairCountsOptions {
  readonly tieBreak: TieBreak;
  /** The text of each token, by id; it grows with the vocabulary. */
  readonly tokens: readonly string[];
}

/**
 * Joins the most frequent pair of neighbors, again and again. O(N + changes · log pairs).
 *
 * In "aaa" the pair "a", "a" counts twice, except with "shortLexMin": SentencePiece counts it once.
 */
export class MergeLearner {
  readonly #counts: PairCounts;
  readonly #queue: PairQueue;
  readonly #tieBreak: TieBreak;

  constructor(rows: SymbolRows, options: MergeLearnerOptions) {
    this.#tieBreak = options.tieBreak;
    this.#queue = new PairQueue(goesFirstBy(options.tieBreak, options.tokens));
    this.#counts = new PairCounts(rows, options);
    this.#enqueueTouched();
  }

  /** Symbols in all words, before the first merge. */
  get symbolCount(): number {
    return this.#counts.symbolCount;
  }

  /** The next pair to merge, or undefined if none occurs `minCount` times. */
  takeBest(minCount: number): Candidate | undefined {
    for (let best = this.#queue.pop(); best !== undefined; best = this.#queue.pop()) {
      const count = this.#countOf(best);
      // As long as it has lost no occurrence, the first one is where it was.
      if (best.count === count) return count >= minCount ? best : undefined;
      best.count = count;
      best.place = this.#placeOf(best.pair);
      if (count > 0) this.#queue.push(best);
    }
    return undefined;
  }

  /** Replaces a pair by `merged`. Gives how often it was replaced. */
  merge({ pair }: Candidate, merged: number): number {
    const joined = this.#counts.joinAll(pair, merged);
    this.#enqueueTouched();
    return joined;
  }

  #enqueueTouched(): void {
    const { pairs } = this.#counts;
    for (const pair of this.#counts.takeTouched()) {
      const [left, right] = [pairs.left(pair), pairs.right(pair)];
      const count = this.#countOf({ left, right, pair });
      if (count > 0) this.#queue.push({ left, right, pair, count, place: this.#placeOf(pair) });
    }
  }

  #countOf({ left, right, pair }: Pick<Candidate, "left" | "right" | "pair">): number {
    const isRun = this.#tieBreak === "shortLexMin" && left === right;
    return isRun ? this.#counts.joinableCount(pair) : this.#counts.countOf(pair);
  }

  /** Where a pair comes first, if that matters. */
  #placeOf(pair: number): number {
    return this.#tieBreak === "first" ? this.#counts.firstPlaceOf(pair) : 0;
  }
}
