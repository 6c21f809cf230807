import { type SentencePreparation, countSentences } from "../sentencepiece/count-sentences.ts";
import { packWords, type PackedWords } from "./packed-words.ts";
import { WordCounts } from "./word-counts.ts";
import {
  type CountWordsOf,
  type WordPreparation,
  makeWordSplitter,
  nameOfPreparation,
} from "./word-splitter.ts";

/** How texts become words: data only, so that it can be sent to a worker. */
export type Preparation = WordPreparation | SentencePreparation;

/** Makes what counts the words of texts. */
export async function makeTextCounter(preparation: Preparation): Promise<CountWordsOf> {
  return "cut" in preparation ? countSentences(preparation) : makeWordSplitter(preparation);
}

/** Only words of the same name go together. */
export function nameOf(preparation: Preparation): string {
  return "cut" in preparation ? preparation.name : nameOfPreparation(preparation);
}

/** Counts the words of some texts apart from others. */
export function countBatch(count: CountWordsOf, texts: readonly string[]): PackedWords {
  const words = new WordCounts({ preparation: "" });
  for (const text of texts) count(text, words);
  return packWords(words);
}
