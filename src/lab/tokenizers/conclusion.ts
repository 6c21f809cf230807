import type { TokenizersRecord } from "./experiment.ts";
import { hasBlanks, languageName, measuresFor, nameOf, recordsOf } from "./measures.ts";

/**
 * The answer in sentences, from the numbers alone: who needs the fewest and the most tokens at the
 * largest size, how the three scores of WordPiece differ, and who knows everything.
 */
export function tokenizersConclusion(
  {
    sizes,
    languages,
  }: { readonly sizes: readonly number[]; readonly languages: readonly string[] },
  records: readonly TokenizersRecord[],
): string {
  const size = sizes.at(-1)!;
  return languages.map((language) => languageSentences(records, language, size)).join(" ");
}

function languageSentences(
  records: readonly TokenizersRecord[],
  language: string,
  size: number,
): string {
  const [length, unknown] = measuresFor(hasBlanks(records, language));
  const ranked = recordsOf(records, language)
    .map(({ algorithm, record }) => {
      const { measures } = record.outcome.sizes.at(-1)!;
      return { algorithm, length: length!.of(measures), unknown: unknown!.of(measures) };
    })
    .toSorted((a, b) => a.length - b.length);
  const [first, last] = [ranked[0]!, ranked.at(-1)!];
  const scores = ranked.filter(({ algorithm }) => algorithm.startsWith("wordpiece-"));
  const [best, worst] = [scores[0], scores.at(-1)];
  const sentences = [
    `On ${languageName(language)} at ${size} tokens, ${nameOf(first.algorithm)} needs the fewest tokens ` +
      `(${first.length.toFixed(2)} ${length!.unit}) and ${nameOf(last.algorithm)} the most ` +
      `(${last.length.toFixed(2)}).`,
  ];
  if (best !== undefined && worst !== undefined && best !== worst) {
    const more = 100 * (worst.length / best.length - 1);
    sentences.push(
      `Of WordPiece's scores, ${scoreOf(worst.algorithm)} takes ${more.toFixed(0)} % more tokens ` +
        `than ${scoreOf(best.algorithm)}.`,
    );
  }
  const knowing = ranked
    .filter((one) => one.unknown === 0)
    .map(({ algorithm }) => nameOf(algorithm));
  if (knowing.length === ranked.length) sentences.push("Nothing is unknown to any of them.");
  else if (knowing.length === 0) sentences.push("None knows all of the unseen text.");
  else sentences.push(`Nothing is unknown to ${knowing.join("; ")}.`);
  return sentences.join(" ");
}

function scoreOf(algorithm: string): string {
  return algorithm.slice("wordpiece-".length);
}
