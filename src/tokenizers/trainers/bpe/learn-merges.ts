import type { GrowingVocabulary } from "../growing-vocabulary.ts";
import { MergeLearner } from "./merge-learner.ts";
import { makePauses } from "../pauses.ts";
import type { SymbolRows } from "../symbol-rows.ts";
import type { TrainBPEOptions } from "./options.ts";

/** What merges are made of, and what they add to. */
export interface MergeTarget {
  /** Has the symbols; new tokens are added. */
  readonly vocabulary: GrowingVocabulary;
  /** Stands before each symbol of a word but the first, and is left out when that is joined. */
  readonly prefix: string;
}

/** Settings of {@link learnMerges}. */
export type LearnMergesOptions = Pick<
  TrainBPEOptions,
  | "vocabSize"
  | "merges"
  | "minFrequency"
  | "tieBreak"
  | "maxTokenLength"
  | "onMerge"
  | "onProgress"
  | "signal"
>;

/** Merges pairs until the vocabulary is full or no pair is frequent enough, and gives the merges. */
export async function learnMerges(
  rows: SymbolRows,
  { vocabulary, prefix }: MergeTarget,
  options: LearnMergesOptions,
): Promise<[string, string][]> {
  const { vocabSize, minFrequency = 2, tieBreak = "idMin", maxTokenLength = Infinity } = options;
  const { merges: maxMerges = Infinity, onMerge, onProgress, signal } = options;
  const { tokens, lengths } = vocabulary;
  const learner = new MergeLearner(rows, { tieBreak, tokens, lengths, maxTokenLength });
  const breathe = makePauses(signal);
  const merges: [string, string][] = [];
  const start = vocabulary.size;
  let corpusTokens = learner.symbolCount;
  while (vocabulary.size < (vocabSize ?? Infinity) && merges.length < maxMerges) {
    const best = learner.takeBest(Math.max(1, minFrequency));
    if (best === undefined) break;
    const [left, right] = [tokens[best.left]!, tokens[best.right]!];
    const token = joinTokens(left, right, prefix);
    if (tieBreak === "shortLexMin" && vocabulary.ids.has(token)) continue;
    const id = vocabulary.add(token, lengths[best.left]! + lengths[best.right]!);
    merges.push([left, right]);
    corpusTokens -= learner.merge(best, id);
    const [step, { size }, { count }] = [merges.length, vocabulary, best];
    onMerge?.({ step, left, right, token, count, score: count, vocabSize: size, corpusTokens });
    const done = vocabSize === undefined ? step : size - start;
    onProgress?.(done, vocabSize === undefined ? maxMerges : vocabSize - start, "merging");
    const pause = breathe();
    // oxlint-disable-next-line no-await-in-loop -- merges follow each other
    if (pause !== undefined) await pause;
  }
  return merges;
}

/** The text of two tokens joined: the prefix of the second is left out. */
export function joinTokens(left: string, right: string, prefix: string): string {
  return left + (prefix !== "" && right.startsWith(prefix) ? right.slice(prefix.length) : right);
}
