import { softPlus } from "./soft-plus.ts";
import { type Lattice, UNKNOWN, longestRow } from "./lattice.ts";

/** The result of {@link expectedCounts}. */
export interface ExpectedCounts {
  /** By piece: how often it is expected to occur. */
  readonly counts: Float32Array;
  /** Minus the mean log-likelihood of a word. */
  readonly objective: number;
}

// Where one term is e⁵⁰ times the other, the smaller is lost in 32 bits anyway.
const NEGLIGIBLE = 50;

/**
 * The E step: how often each piece occurs if every word is cut in all possible ways, each as likely
 * as the product of its pieces (forward-backward). O(edges).
 *
 *     forward[b]  = log Σ over edges a→b of exp(forward[a] + score)
 *     backward[a] = log Σ over edges a→b of exp(score + backward[b])
 *     count[piece] += n · exp(forward[a] + score + backward[b] - forward[end])
 *
 * Every sum is rounded to 32 bits as SentencePiece does, so that the same pieces fall below a limit.
 * The trap that is kept: what is unknown counts for piece 0, the most frequent character.
 *
 * @param counts by row of the lattice
 * @param scores by piece, logarithms of probabilities
 */
export function expectedCounts(
  lattice: Lattice,
  counts: Float64Array,
  scores: Float32Array,
  unknownScore: number,
): ExpectedCounts {
  const { starts, edgeStarts, edgePieces, edgeLengths } = lattice;
  const expected = new Float32Array(scores.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let objective = 0;
  const longest = longestRow(starts);
  const forward = new Float32Array(longest + 1);
  const backward = new Float32Array(longest + 1);
  const own = new Float32Array(mostEdges(lattice)); // the scores of the edges of a row
  for (let row = 0; row < counts.length; row++) {
    const start = starts[row]!;
    const length = starts[row + 1]! - start;
    const first = edgeStarts[start]!;
    forward.fill(-Infinity, 1, length + 1);
    for (let a = 0; a < length; a++) {
      const end = edgeStarts[start + a + 1]!;
      for (let edge = edgeStarts[start + a]!; edge < end; edge++) {
        const piece = edgePieces[edge]!;
        const score = piece === UNKNOWN ? unknownScore : scores[piece]!;
        own[edge - first] = score;
        const b = a + edgeLengths[edge]!;
        forward[b] = logAdd(forward[b]!, Math.fround(score + forward[a]!));
      }
    }
    backward[length] = 0;
    for (let a = length - 1; a >= 0; a--) {
      const end = edgeStarts[start + a + 1]!;
      let sum = -Infinity;
      for (let edge = edgeStarts[start + a]!; edge < end; edge++) {
        const b = a + edgeLengths[edge]!;
        sum = logAdd(sum, Math.fround(own[edge - first]! + backward[b]!));
      }
      backward[a] = sum;
    }
    const all = forward[length]!;
    const count = counts[row]!;
    for (let a = 0; a < length; a++) {
      const end = edgeStarts[start + a + 1]!;
      for (let edge = edgeStarts[start + a]!; edge < end; edge++) {
        const through = Math.fround(forward[a]! + own[edge - first]!);
        const path = Math.fround(through + backward[a + edgeLengths[edge]!]!);
        const piece = edgePieces[edge]!;
        expected[piece === UNKNOWN ? 0 : piece]! += count * Math.exp(Math.fround(path - all));
      }
    }
    objective = Math.fround(objective - Math.fround(Math.fround(count * all) / total));
  }
  return { counts: expected, objective };
}

/** How many edges the row has that has most. */
function mostEdges({ starts, edgeStarts }: Lattice): number {
  let most = 0;
  for (let row = 0; row + 1 < starts.length; row++) {
    most = Math.max(most, edgeStarts[starts[row + 1]!]! - edgeStarts[starts[row]!]!);
  }
  return most;
}

/** log(eˣ + eʸ), rounded to 32 bits. */
function logAdd(x: number, y: number): number {
  if (x === -Infinity) return y;
  const larger = x > y ? x : y;
  const difference = Math.fround(x > y ? y - x : x - y);
  return difference < -NEGLIGIBLE ? larger : Math.fround(larger + softPlus(difference));
}
