import { BestCut } from "./best-cut.ts";
import type { Lattice } from "./lattice.ts";

/** What {@link prunePieces} looks at. */
export interface PruneInput {
  /** How the words may be cut. */
  readonly words: Lattice;
  /** [words] how often each occurs. */
  readonly counts: Float64Array;
  /** How the pieces themselves may be cut. */
  readonly pieces: Lattice;
  /** [pieces] logarithms of probabilities. */
  readonly scores: Float32Array;
  readonly unknownScore: number;
}

/**
 * Chooses the `size` pieces (more if they cannot be spared) without which the words would be least
 * likely, in the order in which SentencePiece has them: those that can be cut in no other way, then
 * by loss. Dropped are also pieces that no word's best cut has, and those that are better cut
 * themselves.
 *
 * If piece i, which stands n times in the best cuts of all words, goes, its second-best cut
 * a₁ … aₖ takes its place:
 *
 *     loss = n / words · (log(n / sum) - Σ log((uses of aⱼ + n) / (sum + n (k - 1))))
 *
 * All of it is rounded to 32 bits where SentencePiece does.
 */
export function prunePieces(input: PruneInput, size: number): Int32Array {
  const { pieces, scores, unknownScore } = input;
  const uses = usesInBestCuts(input);
  const wordCount = input.counts.reduce((sum, count) => Math.fround(sum + count), 0);
  const sum = Math.fround(uses.reduce((total, use) => total + use, 0));
  const logSum = Math.fround(Math.log(sum));
  const best = new BestCut(pieces, scores, unknownScore);
  const kept: number[] = [];
  const candidates: { readonly piece: number; readonly loss: number }[] = [];
  for (let piece = 0; piece < scores.length; piece++) {
    const use = uses[piece]!;
    if (use === 0) continue;
    const length = pieces.starts[piece + 1]! - pieces.starts[piece]!;
    const alternative = length === 1 ? [] : best.cut(piece, true);
    if (alternative.length === 0) {
      kept.push(piece);
      continue;
    }
    if (best.cut(piece).length > 1) continue;
    const own = Math.fround(Math.log(use) - logSum);
    const otherSum = Math.fround(sum + Math.fround(use * (alternative.length - 1)));
    const logOtherSum = Math.fround(Math.log(otherSum));
    let other = 0;
    for (const part of alternative) {
      other = Math.fround(other + (Math.log(Math.fround(uses[part]! + use)) - logOtherSum));
    }
    const frequency = Math.fround(use / wordCount);
    candidates.push({ piece, loss: Math.fround(frequency * Math.fround(own - other)) });
  }
  candidates.sort((a, b) => b.loss - a.loss || a.piece - b.piece);
  for (const { piece } of candidates.slice(0, Math.max(0, size - kept.length))) kept.push(piece);
  return Int32Array.from(kept);
}

/** How often each piece stands in the best cuts of all words. */
function usesInBestCuts({ words, counts, scores, unknownScore }: PruneInput): Float32Array {
  const uses = new Float32Array(scores.length);
  const best = new BestCut(words, scores, unknownScore);
  for (let word = 0; word < counts.length; word++) {
    for (const piece of best.cut(word)) uses[piece]! += counts[word]!;
  }
  return uses;
}
