import { lengthOf } from "../../collections/utf8.ts";
import type { PieceRules } from "./piece-rules.ts";
import { type WeightedWords, visitRepeatedSubstrings } from "./repeated-substrings.ts";
import type { TrainingText } from "./training-text.ts";

/** Pieces with their scores. */
export interface Pieces {
  /** [M] the symbols of all pieces, one piece after the other. */
  readonly symbols: Int32Array;
  /** [pieces + 1] where each piece starts in `symbols`; the last is M. */
  readonly starts: Int32Array;
  /** [pieces] logarithms of probabilities. */
  readonly scores: Float32Array;
}

interface Candidate {
  readonly place: number;
  readonly length: number;
  readonly score: number;
  /** Its length in UTF-8. */
  readonly bytes: number;
}

/**
 * The pieces that the Unigram trainer starts from: all characters, then the repeated substrings of
 * words with the highest count × length, at most `limit` of them. Of equal scores the one with more
 * bytes comes first, then they are in the order of the alphabet, a longer string before those that
 * it starts with. The order decides between pieces that are equally good to the end.
 */
export function seedPieces(text: TrainingText, rules: PieceRules, limit: number): Pieces {
  const words = separated(text);
  const candidates: Candidate[] = [];
  visitRepeatedSubstrings(words, (place, length, count) => {
    if (length < 2 || !rules.allows(words.symbols, place, place + length)) return;
    let bytes = 0;
    for (let i = place; i < place + length; i++) {
      bytes += lengthOf(text.alphabet[words.symbols[i]!]!);
    }
    candidates.push({ place, length, score: count * length, bytes });
  });
  // The sort is stable: what is equal stays in the order in which it was found.
  candidates.sort((a, b) => b.score - a.score || b.bytes - a.bytes);
  const characters = text.required.filter(({ count }) => count > 0);
  const chosen = candidates.slice(0, limit);
  const symbols: number[] = characters.map(({ character }) => text.alphabet.indexOf(character));
  const starts = Array.from({ length: characters.length + 1 }, (_, i) => i);
  for (const { place, length } of chosen) {
    for (let i = place; i < place + length; i++) symbols.push(words.symbols[i]!);
    starts.push(symbols.length);
  }
  const counts = [...characters.map(({ count }) => count), ...chosen.map(({ score }) => score)];
  return {
    symbols: Int32Array.from(symbols),
    starts: Int32Array.from(starts),
    scores: logProbabilities(counts),
  };
}

/** The words with what separates them. */
function separated({ alphabet, symbols, starts, counts }: TrainingText): WeightedWords {
  const rows = new Int32Array(symbols.length + counts.length);
  const weights = new Float64Array(rows.length);
  for (let word = 0; word < counts.length; word++) {
    const [start, end] = [starts[word]!, starts[word + 1]!];
    rows.set(symbols.subarray(start, end), start + word);
    weights.fill(counts[word]!, start + word, end + word);
  }
  return { symbols: rows, alphabetSize: alphabet.length, weights };
}

/** log(count / sum), in the 32-bit floats of SentencePiece: its sum is rounded at each step. */
function logProbabilities(counts: readonly number[]): Float32Array {
  const scores = Float32Array.from(counts);
  let sum = 0;
  for (const count of scores) sum = Math.fround(sum + count);
  const logSum = Math.fround(Math.log(sum));
  return scores.map((count) => Math.log(count) - logSum);
}
