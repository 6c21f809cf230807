import type { ByteTrie } from "../collections/byte-trie.ts";
import { widthOf } from "../collections/utf8.ts";
import type { Piece } from "./model.ts";
import type { Segmenter, Segments } from "./segmenter.ts";

/** Options of {@link Viterbi}. */
export interface ViterbiOptions {
  /** The ids of the tokens. */
  readonly trie: ByteTrie;
  /** Logarithms of probabilities, by id. */
  readonly scores: Float64Array;
  readonly unkId: number;
  /** The score of a character that is no token. */
  readonly unkScore: number;
  /** How the score of a path is kept. */
  readonly precision: "float32" | "float64";
}

// SentencePiece 0.2.2 counts anew from here, so that sums of 32 bits stay exact enough in long texts.
const REBASE_BELOW = -100_000;
// Rows for longer texts are given back.
const KEPT_ROWS = 1 << 16;

/**
 * The most probable segmentation under a unigram model:
 *
 *     best(end) = max over tokens t that end there of best(end - |t|) + score(t)
 *
 * At each character the tokens are tried short to long, and of equal ones the first found stays. A
 * character that is no token by itself may be an unknown one.
 *
 * Trap: in float32 the rounding of the sums decides near-ties, and it depends on everything before in
 * the text. SentencePiece's answer is found only if the sums start where it starts them: at the start
 * of the whole text, and again wherever the best falls below -100000.
 *
 * @see Kudo 2018, https://arxiv.org/abs/1804.10959
 */
export class Viterbi implements Segmenter {
  readonly #options: ViterbiOptions;
  #rows: Rows;

  constructor(options: ViterbiOptions) {
    this.#options = options;
    this.#rows = makeRows(256, options.precision);
  }

  segment({ bytes, start, end }: Piece, out: Segments): void {
    const rows = this.#rowsFor(end - start + 1);
    this.#fill(bytes.subarray(start, end), rows);
    const { lengths, ids } = rows;
    let count = 0;
    for (let at = end - start; at > 0; at -= lengths[at]!) count++;
    const first = out.count;
    for (let i = 0; i < count; i++) out.push(0, 0);
    const { ends, ids: outIds } = out;
    let i = first + count;
    for (let at = end - start; at > 0; at -= lengths[at]!) {
      ends.data[--i] = start + at;
      outIds.data[i] = ids[at]!;
    }
  }

  #fill(bytes: Uint8Array, rows: Rows): void {
    const { best, lengths, ids } = rows;
    const { trie, scores, unkId, unkScore, precision } = this.#options;
    const size = bytes.length;
    lengths.fill(0, 0, size + 1);
    best[0] = 0;
    let reached = 0; // the farthest place where a path ends
    for (let start = 0; start < size;) {
      const width = Math.min(widthOf(bytes[start]!), size - start);
      if (precision === "float32" && best[start]! < REBASE_BELOW) rebase(rows, start, reached);
      const soFar = best[start]!;
      let isToken = false;
      let node = 0;
      for (let i = start; i < size;) {
        node = trie.child(node, bytes[i++]!);
        if (node < 0) break;
        const id = trie.valueOf(node);
        if (id < 0) continue;
        const sum = soFar + scores[id]!;
        const score = precision === "float32" ? Math.fround(sum) : sum;
        if (lengths[i] === 0 || score > best[i]!) {
          best[i] = score;
          lengths[i] = i - start;
          ids[i] = id;
          if (i > reached) reached = i;
        }
        if (i - start === width) isToken = true;
      }
      const next = start + width;
      if (!isToken) {
        const sum = soFar + unkScore;
        const score = precision === "float32" ? Math.fround(sum) : sum;
        if (lengths[next] === 0 || score > best[next]!) {
          best[next] = score;
          lengths[next] = width;
          ids[next] = unkId;
          if (next > reached) reached = next;
        }
      }
      start = next;
    }
  }

  #rowsFor(size: number): Rows {
    if (size <= this.#rows.lengths.length) return this.#rows;
    const rows = makeRows(Math.max(size, 2 * this.#rows.lengths.length), this.#options.precision);
    if (size <= KEPT_ROWS) this.#rows = rows;
    return rows;
  }
}

/** Counts the scores of all paths that are still open from the one that ends at `start`. */
function rebase(rows: Rows, start: number, reached: number): void {
  const { best, lengths } = rows;
  const origin = best[start]!;
  for (let i = start; i <= reached; i++) if (lengths[i]! > 0) best[i]! -= origin;
}

/** By place in the text, about the best path that ends there. */
interface Rows {
  readonly best: Float32Array | Float64Array;
  /** Of its last token, in bytes; 0 where none ends. */
  readonly lengths: Int32Array;
  /** Its last token. */
  readonly ids: Int32Array;
}

function makeRows(size: number, precision: ViterbiOptions["precision"]): Rows {
  return {
    best: precision === "float32" ? new Float32Array(size) : new Float64Array(size),
    lengths: new Int32Array(size),
    ids: new Int32Array(size),
  };
}
