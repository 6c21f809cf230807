import type { SentencePieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import { MergeQueue, PLACES } from "./merge-queue.ts";
import { widthOf } from "../collections/utf8.ts";
import type { Chance, Piece } from "./model.ts";
import type { Segmenter, Segments } from "./segmenter.ts";
import { piecesInText } from "./sentencepiece-pieces.ts";

const NONE = -1;
// Rows for longer texts are given back.
const KEPT_ROWS = 1 << 16;

/**
 * BPE as SentencePiece runs it: starts from the characters, joins the two neighbors whose text
 * together is the piece with the highest score, leftmost first, until no two together are a piece. There is no
 * list of merges: a piece can be made of any two others.
 *
 * User-defined symbols (the longest that fits) are never joined. A piece of type UNUSED takes part,
 * and is taken apart at the end as it was last put together, anywhere in the text.
 */
export class SentencePieceBPE implements Segmenter {
  readonly #trie: ByteTrie;
  readonly #symbols: ByteTrie;
  readonly #isUnused: Uint8Array; // by id
  readonly #ranks: Int32Array; // by id; 0 for the highest score, equal for equal scores
  readonly #unkId: number;
  readonly #due = new MergeQueue();
  #rows = new Rows(256);

  constructor({ pieces }: SentencePieceJson, unkId: number) {
    this.#trie = new ByteTrie(piecesInText(pieces, ["NORMAL", "USER_DEFINED", "UNUSED"]));
    this.#symbols = new ByteTrie(piecesInText(pieces, ["USER_DEFINED"]));
    this.#isUnused = Uint8Array.from(pieces, ({ type }) => (type === "UNUSED" ? 1 : 0));
    this.#ranks = ranksByScore(pieces.map(({ score }) => score));
    this.#unkId = unkId;
  }

  segment(piece: Piece, out: Segments): void {
    this.#segment(piece, out, () => false);
  }

  /** BPE-dropout: passes over each pair that is due with a probability. */
  sample(piece: Piece, { random, dropout = 0 }: Chance, out: Segments): void {
    this.#segment(piece, out, () => random.uniform() < dropout);
  }

  #segment({ bytes, start, end }: Piece, out: Segments, isSkipped: () => boolean): void {
    const rows = this.#rowsFor(end - start + 1);
    const count = this.#splitCharacters({ bytes, start, end }, rows);
    const splits = this.#merge(bytes, count, rows, isSkipped);
    for (let i = 0; i < count; i = rows.next[i]!) {
      const first = rows.starts[i]!;
      const last = rows.starts[rows.next[i]!]!;
      this.#push({ bytes, start: first, end: last }, splits, out);
    }
  }

  /** Fills the rows with characters and user-defined symbols. @returns how many */
  #splitCharacters({ bytes, start, end }: Piece, rows: Rows): number {
    const { starts, isFrozen, nodes, pairRanks, next, previous } = rows;
    let count = 0;
    for (let at = start; at < end;) {
      const symbol = this.#symbols.longestMatch(bytes, at, end);
      const width = symbol > 0 ? symbol : Math.min(widthOf(bytes[at]!), end - at);
      starts[count] = at;
      isFrozen[count] = symbol > 0 ? 1 : 0;
      nodes[count] = this.#walk(0, bytes, at, at + width);
      pairRanks[count] = NONE;
      next[count] = count + 1;
      previous[count] = count - 1;
      at += width;
      count++;
    }
    starts[count] = end;
    return count;
  }

  /**
   * Joins what can be joined.
   * @returns how the UNUSED pieces were put together last: how long the left part is, by id
   */
  #merge(
    bytes: Uint8Array,
    count: number,
    rows: Rows,
    isSkipped: () => boolean,
  ): ReadonlyMap<number, number> {
    const { starts, nodes, isFrozen, next, previous, pairRanks, pairNodes } = rows;
    const due = this.#due;
    const splits = new Map<number, number>();
    /** Looks at the pair whose left symbol this is. */
    const offer = (left: number): void => {
      pairRanks[left] = NONE;
      const right = next[left]!;
      if (right === count || nodes[left]! < 0 || isFrozen[left]! + isFrozen[right]! > 0) return;
      const node = this.#walk(nodes[left]!, bytes, starts[right]!, starts[next[right]!]!);
      const id = node < 0 ? NONE : this.#trie.valueOf(node);
      if (id < 0) return;
      pairNodes[left] = node;
      pairRanks[left] = this.#ranks[id]!;
      due.push(pairRanks[left]!, left);
      if (this.#isUnused[id] === 1) splits.set(id, starts[right]! - starts[left]!);
    };
    due.clear();
    for (let i = 0; i < count; i++) offer(i);
    for (let entry = due.pop(); entry !== undefined; entry = due.pop()) {
      const rank = Math.floor(entry / PLACES);
      const left = entry - rank * PLACES;
      // An entry is stale once either symbol was joined with another one.
      if (pairRanks[left] !== rank) continue;
      if (isSkipped()) {
        pairRanks[left] = NONE;
        continue;
      }
      const right = next[left]!;
      nodes[left] = pairNodes[left]!;
      pairRanks[right] = NONE;
      next[left] = next[right]!;
      if (next[left]! < count) previous[next[left]!] = left;
      if (previous[left]! >= 0) offer(previous[left]!);
      offer(left);
    }
    return splits;
  }

  /** Appends a symbol, taken apart as long as it is UNUSED. */
  #push({ bytes, start, end }: Piece, splits: ReadonlyMap<number, number>, out: Segments): void {
    const pendingEnds = [end];
    let from = start;
    for (let to = pendingEnds.pop(); to !== undefined; to = pendingEnds.pop()) {
      const id = this.#trie.find(bytes, from, to);
      const left = id >= 0 && this.#isUnused[id] === 1 ? splits.get(id) : undefined;
      if (left === undefined) {
        out.push(to, id < 0 ? this.#unkId : id);
        from = to;
      } else {
        pendingEnds.push(to, from + left);
      }
    }
  }

  /** The node that these bytes lead to, or -1. */
  #walk(from: number, bytes: Uint8Array, start: number, end: number): number {
    let node = from;
    for (let i = start; i < end && node >= 0; i++) node = this.#trie.child(node, bytes[i]!);
    return node;
  }

  #rowsFor(size: number): Rows {
    if (size <= this.#rows.size) return this.#rows;
    const rows = new Rows(Math.max(size, 2 * this.#rows.size));
    if (size <= KEPT_ROWS) this.#rows = rows;
    return rows;
  }
}

/** The symbols of a text, as a list in both directions. A symbol that was joined to its left is out. */
class Rows {
  readonly size: number;
  /** In bytes; a symbol ends where the next one starts. */
  readonly starts: Int32Array;
  /** Of the trie of pieces. */
  readonly nodes: Int32Array;
  readonly isFrozen: Uint8Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** Of the symbol and the next one, together: the rank of its score, NONE if it is no piece. */
  readonly pairRanks: Int32Array;
  readonly pairNodes: Int32Array;

  constructor(size: number) {
    this.size = size;
    this.starts = new Int32Array(size);
    this.nodes = new Int32Array(size);
    this.isFrozen = new Uint8Array(size);
    this.next = new Int32Array(size);
    this.previous = new Int32Array(size);
    this.pairRanks = new Int32Array(size);
    this.pairNodes = new Int32Array(size);
  }
}

/** Numbers scores from the highest one, which is 0; equal ones alike. */
export function ranksByScore(scores: readonly number[]): Int32Array {
  const descending = Float64Array.from(new Set(scores)).sort().reverse();
  const rankOf = new Map<number, number>();
  for (const [rank, score] of descending.entries()) rankOf.set(score, rank);
  return Int32Array.from(scores, (score) => rankOf.get(score)!);
}
