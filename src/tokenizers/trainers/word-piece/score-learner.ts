import { PairCounts, type PairCountsOptions } from "../pair-counts.ts";
import { ScoreQueue } from "./score-queue.ts";
import type { SymbolRows } from "../symbol-rows.ts";
import { type WordPieceScore, likelihoodGain } from "./score.ts";

/** Settings of {@link ScoreLearner}. */
export interface ScoreLearnerOptions extends PairCountsOptions {
  readonly score: Exclude<WordPieceScore, "frequency">;
  /** A pair that occurs less often is not joined. */
  readonly minFrequency: number;
}

/** A pair of tokens that is the best to join. */
export interface ScoredPair {
  readonly left: number;
  readonly right: number;
  /** Its number in the table of pairs. */
  readonly pair: number;
  /** How often it occurs; for the likelihood: how often it can be joined. */
  readonly count: number;
  readonly score: number;
}

/**
 * Joins the pair of neighbors with the highest score, again and again; ties go to the more frequent
 * pair, then to the smaller (left id, right id).
 *
 * A merge changes the counts of its two parts, and so the scores of all pairs that have one of them:
 * those are computed anew. It also changes how many tokens there are in all; that only lowers the gain
 * of the other pairs, so they wait until they come out first.
 */
export class ScoreLearner {
  readonly #counts: PairCounts;
  readonly #queue: ScoreQueue;
  readonly #options: ScoreLearnerOptions;
  readonly #tokenCounts: number[] = []; // by token
  readonly #pairsOf: number[][] = []; // those that have a token, by token
  readonly #isListed: boolean[] = []; // in #pairsOf, by pair
  #total: number;

  constructor(rows: SymbolRows, options: ScoreLearnerOptions) {
    this.#options = options;
    this.#counts = new PairCounts(rows, options);
    this.#total = this.#counts.symbolCount;
    const { pairs } = this.#counts;
    this.#queue = new ScoreQueue((a, b) => {
      const byLeft = pairs.left(a) - pairs.left(b);
      return (byLeft || pairs.right(a) - pairs.right(b)) < 0;
    });
    const { symbols, starts, counts } = rows;
    for (let word = 0; word < counts.length; word++) {
      for (let i = starts[word]!; i < starts[word + 1]!; i++)
        this.#addTo(symbols[i]!, counts[word]!);
    }
    for (const pair of this.#listTouched()) this.#refresh(pair);
  }

  /** Tokens that all words take. */
  get total(): number {
    return this.#total;
  }

  /** The next pair to join, or undefined if none is frequent enough. */
  best(): ScoredPair | undefined {
    for (let pair = this.#queue.first; pair !== undefined; pair = this.#queue.first) {
      const score = this.#queue.scoreOf(pair);
      this.#refresh(pair);
      if (this.#queue.first !== pair || this.#queue.scoreOf(pair) !== score) continue;
      const { pairs } = this.#counts;
      const [left, right] = [pairs.left(pair), pairs.right(pair)];
      return { left, right, pair, count: this.#countOf(pair), score };
    }
    return undefined;
  }

  /** Joins a pair to `merged` wherever it is. */
  merge({ left, right, pair }: ScoredPair, merged: number): void {
    const joined = this.#counts.joinAll(pair, merged);
    this.#total -= joined;
    this.#addTo(left, -joined);
    this.#addTo(right, -joined);
    this.#addTo(merged, joined);
    this.#listTouched();
    for (const token of new Set([left, right, merged])) {
      const pairs = this.#pairsOf[token] ?? [];
      let kept = 0;
      for (const other of pairs) {
        this.#refresh(other);
        if (this.#isListed[other]!) pairs[kept++] = other;
      }
      pairs.length = kept;
    }
  }

  #addTo(token: number, count: number): void {
    this.#tokenCounts[token] = (this.#tokenCounts[token] ?? 0) + count;
  }

  /** Lists the pairs that have come up with their tokens, and gives them. */
  #listTouched(): number[] {
    const { pairs } = this.#counts;
    const touched = this.#counts.takeTouched();
    for (const pair of touched) {
      if (this.#isListed[pair]) continue;
      this.#isListed[pair] = true;
      for (const token of new Set([pairs.left(pair), pairs.right(pair)])) {
        (this.#pairsOf[token] ??= []).push(pair);
      }
    }
    return touched;
  }

  /** Brings the score of a pair up to date. */
  #refresh(pair: number): void {
    const count = this.#countOf(pair);
    this.#isListed[pair] = count > 0;
    if (count === 0 || count < this.#options.minFrequency) {
      this.#queue.delete(pair);
      return;
    }
    const { pairs } = this.#counts;
    const left = this.#tokenCounts[pairs.left(pair)]!;
    const right = this.#tokenCounts[pairs.right(pair)]!;
    const isDouble = pairs.left(pair) === pairs.right(pair);
    const score =
      this.#options.score === "ratio"
        ? count / (left * right)
        : likelihoodGain({ pair: count, left, right, total: this.#total, isDouble });
    this.#queue.set(pair, score, count);
  }

  #countOf(pair: number): number {
    return this.#options.score === "ratio"
      ? this.#counts.countOf(pair)
      : this.#counts.joinableCount(pair);
  }
}
