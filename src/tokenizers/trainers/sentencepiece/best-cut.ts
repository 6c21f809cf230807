import { type Lattice, UNKNOWN, longestRow } from "./lattice.ts";

/**
 * Finds the most likely way to cut a row of a lattice (Viterbi). O(edges).
 *
 * Sums are rounded to 32 bits, and of equal ones that with the longest last piece wins, as in
 * SentencePiece.
 */
export class BestCut {
  readonly #lattice: Lattice;
  readonly #scores: Float32Array;
  readonly #unknownScore: number;
  readonly #best: Float32Array; // by place: of the best cut of what is before it
  readonly #last: Int32Array; // by place: the last edge of this cut

  /** @param scores by piece, logarithms of probabilities */
  constructor(lattice: Lattice, scores: Float32Array, unknownScore: number) {
    this.#lattice = lattice;
    this.#scores = scores;
    this.#unknownScore = unknownScore;
    const longest = longestRow(lattice.starts);
    this.#best = new Float32Array(longest + 1);
    this.#last = new Int32Array(longest + 1);
  }

  /**
   * The pieces of the best cut. What is unknown is piece 0, as in SentencePiece.
   * @param isCut whether one piece for the whole row does not count
   */
  cut(row: number, isCut = false): number[] {
    const { starts, edgeStarts, edgePieces, edgeLengths } = this.#lattice;
    const [best, last] = [this.#best, this.#last];
    const start = starts[row]!;
    const length = starts[row + 1]! - start;
    best.fill(-Infinity, 1, length + 1);
    for (let a = 0; a < length; a++) {
      for (let edge = edgeStarts[start + a]!; edge < edgeStarts[start + a + 1]!; edge++) {
        const piece = edgePieces[edge]!;
        const b = a + edgeLengths[edge]!;
        if (isCut && b - a === length) continue;
        const own = piece === UNKNOWN ? this.#unknownScore : this.#scores[piece]!;
        const score = Math.fround(best[a]! + own);
        if (score > best[b]!) {
          best[b] = score;
          last[b] = edge;
        }
      }
    }
    const pieces: number[] = [];
    for (let b = length; b > 0; b -= edgeLengths[last[b]!]!) {
      pieces.push(Math.max(0, edgePieces[last[b]!]!));
    }
    return pieces.reverse();
  }
}
