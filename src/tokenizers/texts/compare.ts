import type { Tokenizer } from "../tokenizer.ts";
import { CODE_POINT_CLASSES, SPACE } from "../unicode/classes.ts";

/** How a tokenizer does on texts. Rates are 0 where there is nothing to count. */
export interface TokenizerMeasures {
  /** One more than the highest id. */
  readonly vocabSize: number;
  readonly tokens: number;
  /** Runs of characters that are not white space. Languages without blanks have long ones. */
  readonly words: number;
  /** Code points. */
  readonly characters: number;
  /** Of UTF-8. */
  readonly bytes: number;
  /** Tokens per word; 1 would be one token each. */
  readonly fertility: number;
  readonly charactersPerToken: number;
  readonly bytesPerToken: number;
  /** Share of the tokens that stand for something unknown. */
  readonly unknownRate: number;
  /** Share of the vocabulary that occurs. */
  readonly vocabularyUsed: number;
  /**
   * How evenly the vocabulary is used, 0 to 1: H_α(p) / log |V| with α = 2.5, of the shares p of the
   * tokens. @see Zouhar et al. 2023, https://arxiv.org/abs/2306.16842
   */
  readonly renyiEfficiency: number;
  /** Share of the texts that come back as they were. */
  readonly roundTrip: number;
}

const ALPHA = 2.5;

/**
 * Measures tokenizers on the same texts, without special tokens around them.
 * Quality of language models can be compared between tokenizers only in bits per byte, never in loss
 * per token.
 */
export function compare(
  texts: readonly string[],
  tokenizers: readonly Tokenizer[],
): TokenizerMeasures[] {
  return tokenizers.map((tokenizer) => measure(texts, tokenizer));
}

function measure(texts: readonly string[], tokenizer: Tokenizer): TokenizerMeasures {
  const { vocabSize, unknownId } = tokenizer;
  const counts = new Float64Array(vocabSize);
  let [tokens, words, characters, bytes, returned] = [0, 0, 0, 0, 0];
  for (const text of texts) {
    const wellFormed = text.toWellFormed();
    const ids = tokenizer.encode(wellFormed, PLAIN);
    for (const id of ids) counts[id]! += 1;
    tokens += ids.length;
    words += countSpacedWords(wellFormed);
    characters += countCodePoints(wellFormed);
    bytes += new TextEncoder().encode(wellFormed).length;
    if (tokenizer.decode(ids) === wellFormed) returned++;
  }
  return {
    vocabSize,
    tokens,
    words,
    characters,
    bytes,
    fertility: ratio(tokens, words),
    charactersPerToken: ratio(characters, tokens),
    bytesPerToken: ratio(bytes, tokens),
    unknownRate: unknownId === undefined ? 0 : ratio(counts[unknownId]!, tokens),
    vocabularyUsed: ratio(counts.filter((count) => count > 0).length, vocabSize),
    renyiEfficiency: renyiEfficiency(counts, tokens),
    roundTrip: ratio(returned, texts.length),
  };
}

const PLAIN = { addSpecialTokens: false, truncation: false, padding: false } as const;

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** log Σ p^α / (1 − α) / log |V|. */
function renyiEfficiency(counts: Float64Array, total: number): number {
  if (total === 0 || counts.length < 2) return 0;
  let sum = 0;
  for (const count of counts) sum += (count / total) ** ALPHA;
  return Math.log(sum) / (1 - ALPHA) / Math.log(counts.length);
}

function countSpacedWords(text: string): number {
  let words = 0;
  let wasSpace = true;
  for (let i = 0; i < text.length; i++) {
    const isSpace = (CODE_POINT_CLASSES[text.charCodeAt(i)]! & SPACE) !== 0;
    if (wasSpace && !isSpace) words++;
    wasSpace = isSpace;
  }
  return words;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++;
  }
  return count;
}
