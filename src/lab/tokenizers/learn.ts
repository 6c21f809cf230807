import { type Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import type { TokenizerAlgorithm } from "./experiment.ts";

/** What {@link learnTokenizer} learns with. */
export interface LearnOptions {
  readonly algorithm: TokenizerAlgorithm;
  readonly vocabSize: number;
  readonly signal: AbortSignal;
}

// Of the vocabulary; the rest is for what the algorithm joins. A text of Chinese has more characters
// than a small vocabulary has tokens.
const MOST_CHARACTERS = 0.6;
// Takes the place of the others where an algorithm cannot leave them out.
const REPLACEMENT = "\ufffd";

/**
 * Learns a tokenizer from the lines of a text. Bytes know every text; the others take the most
 * frequent characters into their alphabet, so that there is room for longer tokens.
 */
export function learnTokenizer(
  text: string,
  { algorithm, vocabSize, signal }: LearnOptions,
): Promise<Tokenizer> {
  const lines = splitLines(text);
  const most = Math.floor(MOST_CHARACTERS * vocabSize);
  switch (algorithm) {
    case "bpe":
      return trainTokenizer(lines, { vocabSize, signal });
    case "wordpiece-likelihood":
    case "wordpiece-ratio":
    case "wordpiece-frequency": {
      const score = algorithm.slice("wordpiece-".length) as "likelihood" | "ratio" | "frequency";
      return trainTokenizer(lines, {
        algorithm: "wordpiece",
        vocabSize,
        score,
        // One Chinese character a word would leave nothing to join.
        handleChineseChars: false,
        lowercase: false,
        // A character can be two tokens: at the start of a word, and further on.
        limitAlphabet: Math.floor(most / 2),
        signal,
      });
    }
    case "unigram": {
      // SentencePiece has a limit too, a coverage, but never below 0.98, which Chinese can need.
      const known = splitLines(keepFrequent(text, most));
      return trainTokenizer(known, {
        algorithm: "unigram",
        vocabSize,
        characterCoverage: 1,
        hardVocabLimit: false,
        // The others learn from the text as it is.
        normalization: "identity",
        signal,
      });
    }
  }
}

/** A text with only its most frequent characters; the others become U+FFFD, all the same. */
function keepFrequent(text: string, characters: number): string {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  if (counts.size <= characters) return text;
  const ranked = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const kept = new Set(ranked.slice(0, characters).map(([character]) => character)).add("\n");
  return Array.from(text, (character) => (kept.has(character) ? character : REPLACEMENT)).join("");
}
