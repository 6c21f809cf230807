import { wellFormed } from "../../nasty-strings.ts";
import { makeRandomTexts } from "./random-texts.ts";
import type { Answer, Subject } from "./subjects.ts";

/** A text about which two libraries do not agree. */
export interface Difference {
  readonly subject: string;
  readonly text: string;
  readonly ours: Answer;
  readonly theirs: Answer;
}

const BATCH = 200;

/**
 * Shows random texts to a tokenizer of ours and to the reference.
 * @param first the number of the first text
 * @param count how many
 */
export async function findDifferences(
  subject: Subject,
  options: {
    readonly seed: number;
    readonly first: number;
    readonly count: number;
    readonly samples: string;
  },
): Promise<Difference[]> {
  const { seed, first, count, samples } = options;
  const makeText = makeRandomTexts(seed, { samples, specials: subject.specials });
  const differences: Difference[] = [];
  for (let from = first; from < first + count; from += BATCH) {
    const size = Math.min(BATCH, first + count - from);
    // The references differ among themselves about lone surrogates; ours are U+FFFD.
    const texts = Array.from({ length: size }, (_, i) => wellFormed(makeText(from + i)));
    // oxlint-disable-next-line no-await-in-loop -- a batch at a time
    const [ours, theirs] = await Promise.all([subject.ours(texts), subject.theirs(texts)]);
    for (const [i, text] of texts.entries()) {
      if (JSON.stringify(ours[i]) === JSON.stringify(theirs[i])) continue;
      differences.push({ subject: subject.name, text, ours: ours[i]!, theirs: theirs[i]! });
    }
  }
  return differences;
}
