import type { RandomStream } from "orrery-lm/base";
import type { ByteTrie } from "../collections/byte-trie.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { widthOf } from "../collections/utf8.ts";
import type { Piece } from "./model.ts";
import type { Segments } from "./segmenter.ts";

/** What a {@link Lattice} is made of; scores are logarithms of probabilities. */
export interface LatticeTokens {
  readonly trie: ByteTrie;
  /** By id. */
  readonly scores: Float64Array;
  readonly unkId: number;
  /** The score of a character that is no token. */
  readonly unkScore: number;
}

const NONE = -1;

/**
 * All ways to segment a text into tokens, as a graph: a token that starts where another one ends may
 * follow it. A way has the probability exp(sum of the scores of its tokens), up to a common factor.
 *
 * @see Kudo 2018, https://arxiv.org/abs/1804.10959
 */
export class Lattice {
  /** In bytes. */
  readonly length: number;
  readonly #origin: number;
  /** By token: where it starts, in bytes, its id, its score, and the next token that ends there too. */
  readonly #starts = new IdBuffer();
  readonly #ids = new IdBuffer();
  readonly #scores: number[] = [];
  readonly #nextThere: number[] = [];
  /** By place: the first token that ends there, and the last. */
  readonly #firstAt: Int32Array;
  readonly #lastAt: Int32Array;

  constructor({ bytes, start, end }: Piece, { trie, scores, unkId, unkScore }: LatticeTokens) {
    const size = end - start;
    this.length = size;
    this.#origin = start;
    this.#firstAt = new Int32Array(size + 1).fill(NONE);
    this.#lastAt = new Int32Array(size + 1).fill(NONE);
    for (let from = 0; from < size;) {
      const width = Math.min(widthOf(bytes[start + from]!), size - from);
      let isToken = false;
      let node = 0;
      for (let to = from; to < size;) {
        node = trie.child(node, bytes[start + to++]!);
        if (node < 0) break;
        const id = trie.valueOf(node);
        if (id < 0) continue;
        this.#add(from, to, id, scores[id]!);
        if (to - from === width) isToken = true;
      }
      if (!isToken) this.#add(from, from + width, unkId, unkScore);
      from += width;
    }
  }

  #add(from: number, to: number, id: number, score: number): void {
    const token = this.#starts.length;
    this.#starts.push(from);
    this.#ids.push(id);
    this.#scores.push(score);
    this.#nextThere.push(NONE);
    if (this.#firstAt[to] === NONE) this.#firstAt[to] = token;
    else this.#nextThere[this.#lastAt[to]!] = token;
    this.#lastAt[to] = token;
  }

  startOf(token: number): number {
    return this.#starts.data[token]!;
  }

  scoreOf(token: number): number {
    return this.#scores[token]!;
  }

  /** The tokens that end at a place, those that start first go first. */
  tokensAt(end: number): number[] {
    const tokens: number[] = [];
    for (let t = this.#firstAt[end]!; t !== NONE; t = this.#nextThere[t]!) tokens.push(t);
    return tokens;
  }

  /**
   * Draws a way with the probability exp(alpha · score), up to a common factor: forward sums, then
   * tokens from the end.
   */
  sample(alpha: number, random: RandomStream): number[] {
    const sums = this.#forwardSums(alpha);
    const way: number[] = [];
    for (let end = this.length; end > 0; end = this.startOf(way.at(-1)!)) {
      const tokens = this.tokensAt(end);
      let left = random.uniform();
      way.push(
        tokens.find((token) => {
          left -= Math.exp(sums[this.startOf(token)]! + this.#weight(token, alpha) - sums[end]!);
          return left < 0;
        }) ?? tokens.at(-1)!, // when rounding has left something
      );
    }
    return way.toReversed();
  }

  /** By place: log of the sum over all ways that lead there of exp(alpha · score). */
  #forwardSums(alpha: number): Float64Array {
    const sums = new Float64Array(this.length + 1).fill(-Infinity);
    sums[0] = 0;
    for (let end = 1; end <= this.length; end++) {
      const tokens = this.tokensAt(end);
      const terms = tokens.map((t) => sums[this.startOf(t)]! + this.#weight(t, alpha));
      const highest = terms.reduce((most, term) => Math.max(most, term), -Infinity);
      if (highest === -Infinity) continue;
      sums[end] =
        highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
    }
    return sums;
  }

  /** Without a NaN where all ways are equally likely and a token is impossible. */
  #weight(token: number, alpha: number): number {
    return alpha === 0 ? 0 : alpha * this.scoreOf(token);
  }

  /** Appends a way to `out`. */
  push(way: readonly number[], out: Segments): void {
    for (const [i, token] of way.entries()) {
      const end = i + 1 < way.length ? this.startOf(way[i + 1]!) : this.length;
      out.push(this.#origin + end, this.#ids.data[token]!);
    }
  }
}
