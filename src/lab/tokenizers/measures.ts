import type { TokenizerMeasures } from "orrery-lm/tokenizers";
import {
  type TokenizerAlgorithm,
  type TokenizersArm,
  type TokenizersRecord,
  tokenizerAlgorithms,
} from "./experiment.ts";

/** A number that a tokenizer is measured by. */
export interface TokenizerMeasure {
  readonly title: string;
  readonly unit: string;
  readonly isShare: boolean;
  readonly of: (measures: TokenizerMeasures) => number;
}

// Words longer than this are no words: the language has no blanks.
const LONGEST_WORDS = 12;

/** The algorithms with their outcomes on one language, in the order of the legend. */
export function recordsOf(
  records: readonly TokenizersRecord[],
  language: string,
): readonly { readonly algorithm: TokenizerAlgorithm; readonly record: TokenizersRecord }[] {
  return records.flatMap((record) => {
    const arm = record.description as unknown as TokenizersArm;
    return arm.language === language ? [{ algorithm: arm.algorithm, record }] : [];
  });
}

/** The name of a language for people: "English" for "en"; a key that is no language stays as it is. */
export function languageName(language: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** The name of an algorithm for people. */
export function nameOf(algorithm: TokenizerAlgorithm): string {
  return tokenizerAlgorithms[algorithm];
}

/** Whether the words of a language stand between blanks. */
export function hasBlanks(records: readonly TokenizersRecord[], language: string): boolean {
  const { words, characters } = recordsOf(records, language)[0]!.record.outcome.sizes[0]!.measures;
  return characters / Math.max(1, words) <= LONGEST_WORDS;
}

/** What is shown of a language: tokens per word, or per character where there are no blanks. */
export function measuresFor(withBlanks: boolean): readonly TokenizerMeasure[] {
  const length: TokenizerMeasure = withBlanks
    ? { title: "Tokens per word", unit: "tokens per word", isShare: false, of: (m) => m.fertility }
    : {
        title: "Tokens per character",
        unit: "tokens per character",
        isShare: false,
        of: (m) => m.tokens / Math.max(1, m.characters),
      };
  return [
    length,
    {
      title: "Unknown tokens",
      unit: "share of the tokens",
      isShare: true,
      of: (m) => m.unknownRate,
    },
    {
      title: "Vocabulary used",
      unit: "share of the vocabulary",
      isShare: true,
      of: (m) => m.vocabularyUsed,
    },
  ];
}
