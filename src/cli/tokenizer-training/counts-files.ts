import { FormatError } from "orrery-lm/base";
import { type WordCounts, parseWordCounts } from "orrery-lm/tokenizers";
import { readFileBytes } from "#files";

/**
 * Reads files of counted words and adds them up.
 * @throws {ConfigError} if one is missing, or words were cut in different ways.
 * @throws {FormatError} if one is something else, with its name.
 */
export async function readCounts(
  files: readonly string[],
  maxWords: number | undefined,
): Promise<WordCounts> {
  const options = maxWords === undefined ? {} : { maxWords };
  let sum: WordCounts | undefined;
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one of them is in memory
    const bytes = await readFileBytes(file);
    const words = parsed(file, () => parseWordCounts(bytes, options));
    if (sum === undefined) sum = words;
    else sum.merge(words);
  }
  return sum!;
}

function parsed(file: string, parse: () => WordCounts): WordCounts {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(file, cause.message, { cause });
  }
}

/** What was not counted, for people; "" if all was. */
export function lossesOf({ leftOut, dropped }: WordCounts): string {
  const left = Object.entries(leftOut).map(
    ([reason, count]) => `${count} lines ${reason} left out`,
  );
  const { words, occurrences, threshold } = dropped;
  if (words > 0) {
    left.push(
      `${words} words that occurred less than ${threshold} times dropped (${occurrences} in all)`,
    );
  }
  return left.join(", ");
}
