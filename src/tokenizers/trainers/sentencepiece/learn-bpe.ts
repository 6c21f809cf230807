import { PairTable } from "../../collections/pair-table.ts";
import { OccurrenceLists } from "../occurrence-lists.ts";
import type { Breathe } from "../pauses.ts";
import { PairHeap } from "./pair-heap.ts";
import type { PieceRules } from "./piece-rules.ts";
import type { TrainingText } from "./training-text.ts";

/** Options of {@link learnBPE}. */
export interface BPESteps {
  /** How many pieces are learned. */
  readonly size: number;
  readonly afterPiece: (done: number) => void;
  readonly breathe: Breathe;
}

/**
 * Learns a BPE as SentencePiece 0.2.2 does: joins the most frequent pair of neighbors that may be a
 * piece, again and again. Of equally frequent pairs the one that makes fewer characters goes first,
 * then the smaller text by code points.
 *
 * Traps: in a row of equal symbols the pairs overlap and all are counted, but they are joined from the
 * left; a pair whose text is a piece already is passed over, and its places stay apart; and pairs that
 * no longer occur are still joined, once nothing else is left.
 *
 * @returns the symbols of each piece, first learned first; fewer than `size` if there are no more
 */
export async function learnBPE(
  text: TrainingText,
  rules: PieceRules,
  { size, afterPiece, breathe }: BPESteps,
): Promise<Int32Array[]> {
  const merger = new PieceMerger(text, rules);
  const pieces: Int32Array[] = [];
  const known = new Set<string>();
  while (pieces.length < size) {
    const best = merger.takeBest();
    if (best === undefined) break;
    const piece = merger.textOf(best);
    const name = piece.join();
    if (known.has(name)) continue;
    known.add(name);
    pieces.push(piece);
    merger.merge(best);
    afterPiece(pieces.length);
    const pause = breathe();
    // oxlint-disable-next-line no-await-in-loop -- merges follow each other
    if (pause !== undefined) await pause;
  }
  return pieces;
}

const NONE = -1;

/** Words as rows of pieces, and the pairs of neighbors in them. */
class PieceMerger {
  readonly #rules: PieceRules;
  readonly #at: Int32Array; // by place: the piece there, NONE where it is part of one before
  readonly #next: Int32Array; // by place: the next piece of the word, or NONE
  readonly #previous: Int32Array;
  readonly #weights: Float64Array; // by place: how often the word occurs
  readonly #texts: Int32Array[]; // by piece: its symbols
  readonly #pairs = new PairTable(1024);
  readonly #counts: number[] = []; // by pair; NaN if it may be no piece
  readonly #places = new OccurrenceLists();
  readonly #heap = new PairHeap((a, b) => this.#goesFirst(a, b));
  #fresh: number[] = []; // pairs that are not in the heap yet

  constructor({ alphabet, symbols, starts, counts }: TrainingText, rules: PieceRules) {
    this.#rules = rules;
    this.#texts = Array.from(alphabet, (_, symbol) => Int32Array.of(symbol));
    this.#at = symbols.slice();
    this.#next = Int32Array.from(symbols.keys(), (i) => i + 1);
    this.#previous = Int32Array.from(symbols.keys(), (i) => i - 1);
    this.#weights = new Float64Array(symbols.length);
    for (let word = 0; word < counts.length; word++) {
      const [start, end] = [starts[word]!, starts[word + 1]!];
      this.#weights.fill(counts[word]!, start, end);
      this.#previous[start] = NONE;
      this.#next[end - 1] = NONE;
    }
    for (let place = 0; place < symbols.length; place++) {
      if (this.#next[place] !== NONE) this.#gain(place, place + 1);
    }
    this.#enqueue();
  }

  /** The pair to join next, or undefined if there is none at all. */
  takeBest(): number | undefined {
    for (let first = this.#heap.pop(); first !== undefined; first = this.#heap.pop()) {
      const count = this.#counts[first.pair]!;
      if (first.count === count) return first.pair;
      this.#heap.push(first.pair, count);
    }
    return undefined;
  }

  /** The symbols of what a pair becomes. */
  textOf(pair: number): Int32Array {
    const left = this.#texts[this.#pairs.left(pair)]!;
    const right = this.#texts[this.#pairs.right(pair)]!;
    const text = new Int32Array(left.length + right.length);
    text.set(left);
    text.set(right, left.length);
    return text;
  }

  /** Joins a pair wherever it is. */
  merge(pair: number): void {
    const [left, right] = [this.#pairs.left(pair), this.#pairs.right(pair)];
    const merged = this.#texts.length;
    this.#texts.push(this.textOf(pair));
    this.#places.drain(pair, (place) => {
      const other = this.#next[place]!;
      if (this.#at[place] !== left || other === NONE || this.#at[other] !== right) return;
      const [before, behind] = [this.#previous[place]!, this.#next[other]!];
      if (before !== NONE) this.#lose(before, place);
      if (behind !== NONE) this.#lose(other, behind);
      this.#at[place] = merged;
      this.#at[other] = NONE;
      this.#next[place] = behind;
      if (behind !== NONE) this.#previous[behind] = place;
      if (before !== NONE) this.#gain(before, place);
      if (behind !== NONE) this.#gain(place, behind);
    });
    this.#enqueue();
  }

  #gain(place: number, other: number): void {
    const pair = this.#pairs.intern(this.#at[place]!, this.#at[other]!);
    if (pair === this.#counts.length) {
      const text = this.textOf(pair);
      const isAllowed = this.#rules.allows(text, 0, text.length);
      this.#counts.push(isAllowed ? 0 : Number.NaN);
      if (isAllowed) this.#fresh.push(pair);
    }
    if (Number.isNaN(this.#counts[pair])) return;
    this.#counts[pair]! += this.#weights[place]!;
    this.#places.add(pair, place);
  }

  #lose(place: number, other: number): void {
    const pair = this.#pairs.find(this.#at[place]!, this.#at[other]!);
    this.#counts[pair]! -= this.#weights[place]!;
  }

  #enqueue(): void {
    for (const pair of this.#fresh) this.#heap.push(pair, this.#counts[pair]!);
    this.#fresh = [];
  }

  #goesFirst(a: number, b: number): boolean {
    const [textA, textB] = [this.textOf(a), this.textOf(b)];
    if (textA.length !== textB.length) return textA.length < textB.length;
    for (let i = 0; i < textA.length; i++) {
      if (textA[i] !== textB[i]) return textA[i]! < textB[i]!;
    }
    return a < b;
  }
}
