import { ConfigError } from "orrery-lm/base";
import { makePauses } from "../pauses.ts";
import type { ReadingOptions, Texts } from "../training-options.ts";
import { WordCounts } from "./word-counts.ts";
import { type WordPreparation, makeWordSplitter, nameOfPreparation } from "./word-splitter.ts";

/**
 * Counts the words of texts that are cut by the first steps of a tokenizer.
 * @throws {ConfigError} if the texts are one string, or there is nothing in them.
 */
export async function countPreparedWords(
  texts: Texts,
  preparation: WordPreparation,
  { maxWords = Infinity, onProgress, signal }: ReadingOptions,
): Promise<WordCounts> {
  if (typeof texts === "string") {
    throw new ConfigError(
      "trainTokenizer: expected a list of texts, got one string; pass splitLines(text)",
    );
  }
  const words = new WordCounts({ preparation: nameOfPreparation(preparation), maxWords });
  const countWordsOf = makeWordSplitter(preparation);
  const breathe = makePauses(signal);
  let count = 0;
  const read = (text: string): Promise<void> | undefined => {
    countWordsOf(text, words);
    count++;
    onProgress?.(count, 0, readingNote(words));
    return breathe();
  };
  if (Symbol.asyncIterator in texts) {
    for await (const text of texts) await read(text);
  } else {
    // To wait for each of a hundred thousand lines would take as long as counting them.
    for (const text of texts) {
      const pause = read(text);
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      if (pause !== undefined) await pause;
    }
  }
  if (words.size === 0) {
    throw new ConfigError(
      `trainTokenizer: there is nothing to learn from: ${count} texts, all empty`,
    );
  }
  return words;
}

/**
 * The words to train on: those of the texts, or those that were counted before.
 * @throws {ConfigError} if the counted words were cut in another way.
 */
export async function wordsToTrainOn(
  source: Texts | WordCounts,
  preparation: WordPreparation,
  options: ReadingOptions,
): Promise<WordCounts> {
  if (!(source instanceof WordCounts)) return countPreparedWords(source, preparation, options);
  const expected = nameOfPreparation(preparation);
  if (source.preparation !== expected) {
    throw new ConfigError(
      `trainTokenizer: expected words that were cut by ${expected}, got words cut by ` +
        `${source.preparation}; count them with the options of the training`,
    );
  }
  return source;
}

function readingNote({ dropped: { words, threshold } }: WordCounts): string {
  return words === 0
    ? "reading"
    : `reading (dropped ${words} words that occurred less than ${threshold} times)`;
}
