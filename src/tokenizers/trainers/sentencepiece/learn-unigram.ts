import type { Breathe } from "../pauses.ts";
import { type ExpectedCounts, expectedCounts } from "./expected-counts.ts";
import { Lattice } from "./lattice.ts";
import { prunePieces } from "./prune-pieces.ts";
import type { Pieces } from "./seed-pieces.ts";
import type { TrainingText } from "./training-text.ts";

/** Options of {@link learnUnigram}. */
export interface UnigramSteps {
  /** Pieces to stop at: SentencePiece takes a tenth more than it needs. */
  readonly size: number;
  readonly shrinkingFactor: number;
  readonly numSubIterations: number;
  /** Told after each step of EM; the objective is minus the mean log-likelihood of a word. */
  readonly afterStep: (size: number, objective: number) => void;
  readonly breathe: Breathe;
}

/** What was learned: of the pieces it started from, those that are left, with their scores. */
export interface LearnedPieces {
  readonly pieces: Int32Array;
  readonly scores: Float32Array;
}

// A piece that is expected to occur less often is dropped.
const LEAST_EXPECTED = 0.5;
// An unknown character is this much less likely than the least likely piece.
const UNKNOWN_PENALTY = 10;

/**
 * Learns a unigram language model of pieces: EM, then the least useful pieces are dropped, again and
 * again, until few enough are left.
 *
 *     E: n = expected counts      M: score = ψ(n) - ψ(Σ n)
 *
 * The digamma function ψ instead of the logarithm favors few pieces that are frequent, so this is
 * not plain EM: the likelihood may fall a little.
 *
 * @see Kudo 2018, https://arxiv.org/abs/1804.10959
 * @see Liang and Klein 2007, Structured Bayesian Nonparametric Models with Variational Inference
 */
export async function learnUnigram(
  text: TrainingText,
  seeds: Pieces,
  { size, shrinkingFactor, numSubIterations, afterStep, breathe }: UnigramSteps,
): Promise<LearnedPieces> {
  let state: State = {
    pieces: Int32Array.from(seeds.scores.keys()),
    scores: seeds.scores,
    words: Lattice.of(text, seeds),
    cuts: undefined,
  };
  for (;;) {
    for (let step = 0; step < numSubIterations; step++) {
      const { scores, words } = state;
      const expected = expectedCounts(words, text.counts, scores, unknownScore(scores));
      state = maximize(state, expected);
      afterStep(state.pieces.length, expected.objective);
      // oxlint-disable-next-line no-await-in-loop -- steps follow each other
      await breathe();
    }
    const { scores, words } = state;
    if (scores.length <= size) return state;
    // Most seeds do not live to be looked at in this way.
    const pieces = state.cuts ?? cutsOf(seeds, state.pieces);
    state = { ...state, cuts: pieces };
    const input = {
      words,
      counts: text.counts,
      pieces,
      scores,
      unknownScore: unknownScore(scores),
    };
    const target = Math.floor(Math.fround(Math.fround(shrinkingFactor) * scores.length));
    const kept = prunePieces(input, Math.max(size, target));
    state = keep(
      state,
      kept,
      Float32Array.from(kept, (piece) => scores[piece]!),
    );
    // oxlint-disable-next-line no-await-in-loop -- rounds follow each other
    await breathe();
  }
}

interface State extends LearnedPieces {
  readonly words: Lattice;
  /** How the pieces themselves may be cut; undefined before it is needed. */
  readonly cuts: Lattice | undefined;
}

function cutsOf({ symbols, starts }: Pieces, pieces: Int32Array): Lattice {
  const rows = Array.from(pieces, (piece) => symbols.subarray(starts[piece], starts[piece + 1]));
  const rowStarts = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) rowStarts[i + 1] = rowStarts[i]! + row.length;
  const all = { symbols: new Int32Array(rowStarts.at(-1)!), starts: rowStarts };
  for (const [i, row] of rows.entries()) all.symbols.set(row, rowStarts[i]);
  return Lattice.of(all, all);
}

function maximize(state: State, { counts }: ExpectedCounts): State {
  const kept: number[] = [];
  let sum = 0;
  for (const [piece, count] of counts.entries()) {
    if (count < LEAST_EXPECTED) continue;
    kept.push(piece);
    sum = Math.fround(sum + count);
  }
  const logSum = Math.fround(roughDigamma(sum));
  const scores = Float32Array.from(kept, (piece) => roughDigamma(counts[piece]!) - logSum);
  return keep(state, Int32Array.from(kept), scores);
}

function keep(state: State, kept: Int32Array, scores: Float32Array): State {
  const { pieces, words, cuts } = state;
  const isSame = kept.length === pieces.length && kept.every((piece, i) => piece === i);
  if (isSame) return { ...state, scores };
  const newPiece = new Int32Array(pieces.length).fill(-1);
  for (const [i, piece] of kept.entries()) newPiece[piece] = i;
  return {
    pieces: kept.map((piece) => pieces[piece]!),
    scores,
    words: words.keep(newPiece),
    cuts: cuts?.keepRows(kept).keep(newPiece),
  };
}

function unknownScore(scores: Float32Array): number {
  return Math.fround(scores.reduce((a, b) => Math.min(a, b), Infinity) - UNKNOWN_PENALTY);
}

/**
 * The digamma function to about 10⁻¹⁰, in the terms that SentencePiece takes: to take more of them
 * would change the last bit of some scores, and with it what is learned in the end.
 *
 *     ψ(x) = ψ(x + 1) - 1/x      ψ(y + ½) ~ log y + 1/(24 y²) - 7/(960 y⁴) + 31/(8064 y⁶) - …
 */
function roughDigamma(x: number): number {
  let shifted = x;
  let result = 0;
  for (; shifted < 7; shifted++) result -= 1 / shifted;
  shifted -= 0.5;
  const inverse = 1 / shifted;
  const second = inverse * inverse;
  const fourth = second * second;
  return (
    result +
    (Math.log(shifted) +
      (1 / 24) * second -
      (7 / 960) * fourth +
      (31 / 8064) * fourth * second -
      (127 / 30720) * fourth * fourth)
  );
}
