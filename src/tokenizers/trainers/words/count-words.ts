import { ConfigError } from "orrery-lm/base";
import { makePauses } from "../pauses.ts";
import { type ReadingOptions, type Texts, checkText } from "../training-options.ts";
import { countInBatches } from "./count-in-batches.ts";
import { type Preparation, makeTextCounter, nameOf } from "./text-counter.ts";
import { WordCounts } from "./word-counts.ts";

/**
 * Counts the words of texts that are cut by the first steps of a tokenizer.
 * @throws {ConfigError} if the texts are one string or no texts, there is nothing in them, or `workers` is no
 * number of workers.
 */
export async function countPreparedWords(
  texts: Texts,
  preparation: Preparation,
  { maxWords = Infinity, workers = 1, onProgress, signal }: ReadingOptions,
): Promise<WordCounts> {
  if (typeof texts === "string") {
    throw new ConfigError(
      "trainTokenizer: expected a list of texts, got one string; pass splitLines(text)",
    );
  }
  if (!(Number.isInteger(workers) && workers >= 1)) {
    throw new ConfigError(`trainTokenizer: workers must be 1, 2, …, got ${workers}`);
  }
  const words = new WordCounts({ preparation: nameOf(preparation), maxWords });
  let count = 0;
  const afterText = (texts: number): void => {
    count = texts;
    onProgress?.(count, 0, readingNote(words));
  };
  // What is dropped depends on when, so then one worker does as many do.
  if (workers === 1 && maxWords === Infinity) {
    await countHere(texts, preparation, words, { afterText, signal });
  } else {
    const options = { workers, onRead: afterText, ...(signal && { signal }) };
    await countInBatches(texts, preparation, words, options);
  }
  if (words.size === 0) {
    const isAll = Object.keys(words.leftOut).length > 0 ? "empty or left out" : "empty";
    throw new ConfigError(
      `trainTokenizer: there is nothing to learn from: ${count} texts, all ${isAll}`,
    );
  }
  return words;
}

interface Listener {
  readonly afterText: (texts: number) => void;
  readonly signal: AbortSignal | undefined;
}

async function countHere(
  texts: Texts,
  preparation: Preparation,
  words: WordCounts,
  { afterText, signal }: Listener,
): Promise<void> {
  const countWordsOf = await makeTextCounter(preparation);
  const breathe = makePauses(signal);
  let count = 0;
  const read = (text: string): Promise<void> | undefined => {
    checkText(text);
    countWordsOf(text, words);
    count++;
    afterText(count);
    return breathe();
  };
  // To wait for each of a hundred thousand lines would take as long as counting them.
  if (Symbol.asyncIterator in texts) {
    for await (const text of texts) {
      const pause = read(text);
      if (pause !== undefined) await pause;
    }
    return;
  }
  for (const text of texts) {
    const pause = read(text);
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    if (pause !== undefined) await pause;
  }
}

/**
 * The words to train on: those of the texts, or those that were counted before.
 * @throws {ConfigError} if the counted words were cut in another way.
 */
export async function wordsToTrainOn(
  source: Texts | WordCounts,
  preparation: Preparation,
  options: ReadingOptions,
): Promise<WordCounts> {
  const isCounted = source instanceof WordCounts;
  const words = isCounted ? source : await countPreparedWords(source, preparation, options);
  const expected = nameOf(preparation);
  if (words.preparation !== expected) {
    throw new ConfigError(
      `trainTokenizer: expected words that were cut by ${expected}, got words cut by ` +
        `${words.preparation}; count them with the options of the training`,
    );
  }
  options.onCounted?.(words);
  return words;
}

function readingNote({ dropped: { words, threshold }, leftOut }: WordCounts): string {
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  const notes = [
    ...(left.length > 0 ? [`left out ${left.join(" and ")}`] : []),
    ...(words > 0 ? [`dropped ${words} words that occurred less than ${threshold} times`] : []),
  ];
  return notes.length === 0 ? "reading" : `reading (${notes.join("; ")})`;
}
