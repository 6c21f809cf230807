import type { MergeTarget } from "../bpe/learn-merges.ts";
import { joinTokens } from "../bpe/learn-merges.ts";
import { makePauses } from "../pauses.ts";
import { ScoreLearner } from "./score-learner.ts";
import type { SymbolRows } from "../symbol-rows.ts";
import type { TrainWordPieceOptions } from "./options.ts";
import type { WordPieceScore } from "./score.ts";

/** Settings of {@link learnPieces}. */
export interface LearnPiecesOptions extends TrainWordPieceOptions {
  readonly score: Exclude<WordPieceScore, "frequency">;
}

/** Joins pairs by score until the vocabulary is full or no pair is worth it. */
export async function learnPieces(
  rows: SymbolRows,
  { vocabulary, prefix }: MergeTarget,
  options: LearnPiecesOptions,
): Promise<void> {
  const { vocabSize, minFrequency = 2, minGain = 0, maxTokenLength = Infinity } = options;
  const { score, onMerge, onProgress, signal } = options;
  const { tokens, lengths } = vocabulary;
  const learner = new ScoreLearner(rows, {
    score,
    minFrequency: Math.max(1, minFrequency),
    lengths,
    maxTokenLength,
  });
  const breathe = makePauses(signal);
  const start = vocabulary.size;
  for (let step = 1; vocabulary.size < vocabSize; step++) {
    const best = learner.best();
    if (best === undefined || (score === "likelihood" && best.score <= minGain)) break;
    const [left, right] = [tokens[best.left]!, tokens[best.right]!];
    const token = joinTokens(left, right, prefix);
    learner.merge(best, vocabulary.add(token, lengths[best.left]! + lengths[best.right]!));
    const { count } = best;
    const [{ size }, { total }] = [vocabulary, learner];
    onMerge?.({
      step,
      left,
      right,
      token,
      count,
      score: best.score,
      vocabSize: size,
      corpusTokens: total,
    });
    onProgress?.(size - start, vocabSize - start, "merging");
    const pause = breathe();
    // oxlint-disable-next-line no-await-in-loop -- merges follow each other
    if (pause !== undefined) await pause;
  }
}
