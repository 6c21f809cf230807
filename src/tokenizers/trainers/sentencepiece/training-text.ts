import { ByteStringTable } from "../../collections/byte-string-table.ts";
import { codePointAt, widthOf } from "../../collections/utf8.ts";
import type { WordCounts } from "../words/word-counts.ts";
import { RARE, SYMBOL } from "./piece-rules.ts";

const NUL = 0;

/** A character and how often it occurs. */
export interface CountedCharacter {
  readonly character: number;
  readonly count: number;
}

/** Distinct words, ready to be learned from. */
export interface TrainingText {
  /** The code point of each symbol, in ascending order. Symbol 0 is none of the text. */
  readonly alphabet: Int32Array;
  /** [N] the symbols of all words, one word after the other. */
  readonly symbols: Int32Array;
  /** [words + 1] where each word starts in `symbols`; the last is N. */
  readonly starts: Int32Array;
  /** [words] how often each occurs; the most frequent first, ties in the order of code points. */
  readonly counts: Float64Array;
  /** Characters that must become pieces, most frequent first, ties in the order of code points. */
  readonly required: readonly CountedCharacter[];
}

/** Which characters must become pieces. */
export interface CoverageOptions {
  /** The part of all characters that the most frequent ones must make up; the rest is rare. */
  readonly characterCoverage: number;
  /** Characters that are never rare. */
  readonly requiredCharacters: string;
}

/**
 * Replaces rare characters by U+2585, of which nothing is learned, and sorts the words, so that the
 * order of the sentences makes no difference.
 */
export function makeTrainingText(counted: WordCounts, options: CoverageOptions): TrainingText {
  const required = requiredCharacters(counted, options);
  const characters = new Set([NUL, RARE, ...required.map(({ character }) => character)]);
  const alphabet = Int32Array.from(characters).sort();
  const symbolOf = new Map(Array.from(alphabet, (character, symbol) => [character, symbol]));
  // A NUL in the text is rare as well.
  symbolOf.delete(NUL);
  const { words, counts } = replaceRare(counted, (character) => symbolOf.has(character));
  const order = sortedWords(words, counts);

  const starts = new Int32Array(order.length + 1);
  const symbols: number[] = [];
  for (const [i, word] of order.entries()) {
    forEachCharacter(words.bytesOf(word), (character) => symbols.push(symbolOf.get(character)!));
    starts[i + 1] = symbols.length;
  }
  return {
    alphabet,
    symbols: Int32Array.from(symbols),
    starts,
    counts: Float64Array.from(order, (word) => counts[word]!),
    required,
  };
}

function requiredCharacters(
  words: WordCounts,
  { characterCoverage, requiredCharacters: asked }: CoverageOptions,
): CountedCharacter[] {
  const counts = new Map<number, number>();
  let total = 0;
  for (let word = 0; word < words.size; word++) {
    const count = words.countOf(word);
    forEachCharacter(words.bytesOf(word), (character) => {
      if (character === NUL) return;
      counts.set(character, (counts.get(character) ?? 0) + count);
      total += count;
    });
  }
  const isAsked = new Set(Array.from(asked, (character) => character.codePointAt(0)!));
  for (const character of isAsked) counts.set(character, counts.get(character) ?? 0);
  const sorted = Array.from(counts, ([character, count]) => ({ character, count })).sort(
    (a, b) =>
      Number(isAsked.has(b.character)) - Number(isAsked.has(a.character)) ||
      b.count - a.count ||
      a.character - b.character,
  );
  const required: CountedCharacter[] = [];
  let covered = 0;
  for (const counted of sorted) {
    // SentencePiece compares 32-bit floats.
    if (Math.fround(covered / total) >= Math.fround(characterCoverage)) break;
    covered += counted.count;
    if (counted.character !== SYMBOL) required.push(counted);
  }
  return required.sort((a, b) => b.count - a.count || a.character - b.character);
}

/** Words that differ in rare characters only become one. */
function replaceRare(
  before: WordCounts,
  isKept: (character: number) => boolean,
): { words: ByteStringTable; counts: Float64Array } {
  const words = new ByteStringTable();
  const counts = new Float64Array(before.size);
  const encoder = new TextEncoder();
  for (let word = 0; word < before.size; word++) {
    const bytes = before.bytesOf(word);
    let isWhole = true;
    forEachCharacter(bytes, (character) => {
      isWhole &&= isKept(character);
    });
    let clean = bytes;
    if (!isWhole) {
      const kept: number[] = [];
      forEachCharacter(bytes, (character) => kept.push(isKept(character) ? character : RARE));
      clean = encoder.encode(kept.map((character) => String.fromCodePoint(character)).join(""));
    }
    counts[words.intern(clean, 0, clean.length)]! += before.countOf(word);
  }
  return { words, counts };
}

function sortedWords(words: ByteStringTable, counts: Float64Array): Int32Array {
  const starts = new Int32Array(words.size + 1);
  for (let i = 0; i < words.size; i++) starts[i + 1] = starts[i]! + words.bytesOf(i).length;
  const bytes = new Uint8Array(starts[words.size]!);
  for (let i = 0; i < words.size; i++) bytes.set(words.bytesOf(i), starts[i]);
  // The order of UTF-8 is that of code points.
  return Int32Array.from({ length: words.size }, (_, i) => i).sort((a, b) => {
    if (counts[a] !== counts[b]) return counts[b]! - counts[a]!;
    const [startA, startB] = [starts[a]!, starts[b]!];
    const length = Math.min(starts[a + 1]! - startA, starts[b + 1]! - startB);
    for (let i = 0; i < length; i++) {
      const difference = bytes[startA + i]! - bytes[startB + i]!;
      if (difference !== 0) return difference;
    }
    return starts[a + 1]! - startA - (starts[b + 1]! - startB);
  });
}

function forEachCharacter(bytes: Uint8Array, visit: (character: number) => void): void {
  for (let at = 0; at < bytes.length; at += widthOf(bytes[at]!)) visit(codePointAt(bytes, at));
}
