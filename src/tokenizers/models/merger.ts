import type { RandomStream } from "orrery-lm/base";
import type { BPEJson } from "orrery-lm/formats";
import { MergeQueue, PLACES } from "./merge-queue.ts";
import { PairTable } from "../collections/pair-table.ts";

const NO_MERGE = 0x7fffffff;
// Below this many symbols, looking at all pairs again beats keeping a queue.
const SHORT = 48;
const KEPT_SYMBOLS = 1 << 16;

/**
 * Applies merges to a row of symbols: the one learned first goes first, ties leftmost first, until
 * none applies. O(n²) but fast for short rows, O(n log n) for long ones.
 *
 * A pair that is listed twice has its last rank, as in Hugging Face `tokenizers`.
 */
export class Merger {
  /** How many symbols the row has. */
  count = 0;
  /** The ids of the row: `[0, count)`. */
  symbols: Int32Array = new Int32Array(64);
  /** How many bytes each symbol covers. */
  lengths: Int32Array = new Int32Array(64);
  readonly #pairs: PairTable; // the number of a pair is its rank
  readonly #results: Int32Array; // [merges]
  readonly #ranks = new Int32Array(SHORT + 1);
  readonly #due = new MergeQueue();

  /** @param merges see {@link mergesOf} */
  constructor(merges: Int32Array) {
    let pairs = rankPairs(merges);
    const kept = pairs === undefined ? withoutRepeats(merges) : merges;
    pairs ??= rankPairs(kept)!;
    this.#pairs = pairs;
    this.#results = new Int32Array(kept.length / 3);
    for (let rank = 0; rank < this.#results.length; rank++) {
      this.#results[rank] = kept[3 * rank + 2]!;
    }
  }

  /** Begins a row of at most `count` symbols; the room of a long row is given back. */
  reset(count: number): void {
    this.count = 0;
    const isTooLong = this.symbols.length > KEPT_SYMBOLS && count <= KEPT_SYMBOLS;
    if (count <= this.symbols.length && !isTooLong) return;
    const room = isTooLong ? count : Math.max(count, 2 * this.symbols.length);
    this.symbols = new Int32Array(room);
    this.lengths = new Int32Array(room);
  }

  /** Appends a symbol to the row. */
  push(id: number, length: number): void {
    this.symbols[this.count] = id;
    this.lengths[this.count++] = length;
  }

  /** Merges the row. */
  merge(): void {
    if (this.count < 2) return;
    this.count = this.count <= SHORT ? this.#mergeShort() : this.#mergeLong();
  }

  /**
   * BPE-dropout: merges the row, but passes over each merge that is due with a probability; what was
   * passed over is due again after the next that is not. With probability 1 nothing merges.
   * @see Provilkov et al. 2020, https://arxiv.org/abs/1910.13267, in the form of Hugging Face
   * `tokenizers`
   */
  mergeSome(dropout: number, random: RandomStream): void {
    this.count = this.#mergeLong(() => random.uniform() < dropout);
  }

  #rank(left: number, right: number): number {
    const rank = this.#pairs.find(left, right);
    return rank < 0 ? NO_MERGE : rank;
  }

  #mergeShort(): number {
    const { symbols, lengths, count } = this;
    const ranks = this.#ranks; // ranks[i]: of the pair i, i + 1
    for (let i = 0; i + 1 < count; i++) ranks[i] = this.#rank(symbols[i]!, symbols[i + 1]!);
    let left = count;
    for (;;) {
      let best = NO_MERGE;
      let at = 0;
      for (let i = 0; i + 1 < left; i++) {
        if (ranks[i]! < best) {
          best = ranks[i]!;
          at = i;
        }
      }
      if (best === NO_MERGE) return left;
      symbols[at] = this.#results[best]!;
      lengths[at] = lengths[at]! + lengths[at + 1]!;
      left--;
      for (let i = at + 1; i < left; i++) {
        symbols[i] = symbols[i + 1]!;
        lengths[i] = lengths[i + 1]!;
        ranks[i] = ranks[i + 1]!;
      }
      if (at > 0) ranks[at - 1] = this.#rank(symbols[at - 1]!, symbols[at]!);
      if (at + 1 < left) ranks[at] = this.#rank(symbols[at]!, symbols[at + 1]!);
    }
  }

  /** @param isPassedOver asked for each merge that is due */
  #mergeLong(isPassedOver?: () => boolean): number {
    const { symbols, lengths, count } = this;
    const due = this.#due;
    const passedOver: number[] = []; // entries of the queue
    const next = new Int32Array(count); // of symbol i; `count` behind the last
    const previous = new Int32Array(count); // -1 before the first
    for (let i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    const offer = (at: number): void => {
      const rank = this.#rank(symbols[at]!, symbols[next[at]!]!);
      if (rank !== NO_MERGE) due.push(rank, at);
    };
    due.clear();
    for (let i = 0; i + 1 < count; i++) offer(i);
    for (let entry = due.pop(); entry !== undefined; entry = due.pop()) {
      if (isPassedOver?.() === true) {
        passedOver.push(entry);
        continue;
      }
      for (let other = passedOver.pop(); other !== undefined; other = passedOver.pop()) {
        const otherRank = Math.floor(other / PLACES);
        due.push(otherRank, other - otherRank * PLACES);
      }
      const rank = Math.floor(entry / PLACES);
      const at = entry - rank * PLACES;
      const other = next[at]!;
      // An entry is stale once either symbol was merged away or into something else.
      if (lengths[at] === 0 || other === count) continue;
      if (this.#pairs.find(symbols[at]!, symbols[other]!) !== rank) continue;
      symbols[at] = this.#results[rank]!;
      lengths[at] = lengths[at]! + lengths[other]!;
      lengths[other] = 0;
      next[at] = next[other]!;
      if (previous[at]! >= 0) offer(previous[at]!);
      if (next[at]! < count) {
        previous[next[at]!] = at;
        offer(at);
      }
    }
    let left = 0;
    for (let at = 0; at < count; at = next[at]!) {
      symbols[left] = symbols[at]!;
      lengths[left++] = lengths[at]!;
    }
    return left;
  }
}

/**
 * The merges of a file by id, three numbers each: `left`, `right` and what they become. The second part
 * loses the prefix that marks a continuation. Both parts and their union must be in the vocabulary.
 */
export function mergesOf(json: BPEJson): Int32Array {
  const { vocab, merges } = json;
  const prefixLength = json.continuingSubwordPrefix?.length ?? 0;
  const ids = new Int32Array(3 * merges.length);
  let i = 0;
  for (const [left, right] of merges) {
    ids[i++] = vocab.get(left)!;
    ids[i++] = vocab.get(right)!;
    ids[i++] = vocab.get(left + (prefixLength === 0 ? right : right.slice(prefixLength)))!;
  }
  return ids;
}

/** Numbers the pairs of merges by rank; undefined if a pair is listed twice. */
function rankPairs(merges: Int32Array): PairTable | undefined {
  const pairs = new PairTable(merges.length / 3 + 1);
  for (let i = 0; i < merges.length; i += 3) {
    if (pairs.intern(merges[i]!, merges[i + 1]!) !== i / 3) return undefined;
  }
  return pairs;
}

/** Leaves out all but the last merge of each pair. */
function withoutRepeats(merges: Int32Array): Int32Array {
  const seen = new PairTable(merges.length / 3 + 1);
  const kept = new Int32Array(merges.length);
  let start = kept.length;
  for (let i = merges.length - 3; i >= 0; i -= 3) {
    const before = seen.size;
    seen.intern(merges[i]!, merges[i + 1]!);
    if (seen.size > before) kept.set(merges.subarray(i, i + 3), (start -= 3));
  }
  return kept.subarray(start);
}
