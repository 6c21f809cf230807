import { compareCodePoints } from "orrery-lm/base";
import { BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { charactersOf } from "./words/alphabet.ts";
import type { GrowingVocabulary } from "./growing-vocabulary.ts";
import type { SymbolRows } from "./symbol-rows.ts";
import type { WordCounts } from "./words/word-counts.ts";

/** What marks the place of a character in its word. */
export interface Affixes {
  /** Before each character but the first, such as "##"; "" for none. */
  readonly prefix: string;
  /** Behind the last character, such as "</w>"; "" for none. */
  readonly suffix: string;
}

/** The words as rows of bytes. The vocabulary has all 256, spelled in the byte alphabet. */
export function byteRows(words: WordCounts, vocabulary: GrowingVocabulary): SymbolRows {
  const byteIds = BYTE_CHARACTERS.map((character) => vocabulary.ids.get(character)!);
  return rowsOf(words, (bytes, push) => {
    for (const byte of bytes) push(byteIds[byte]!);
  });
}

/**
 * The words as rows of characters with their affixes. Characters that the vocabulary lacks are left
 * out, and their neighbors become neighbors, as in Hugging Face `tokenizers`. Characters with an
 * affix are added to the vocabulary by code point; there they come in an order left to chance.
 */
export function characterRows(
  words: WordCounts,
  vocabulary: GrowingVocabulary,
  affixes: Affixes,
): SymbolRows {
  const alphabet = new Set(vocabulary.tokens);
  const spell = (bytes: Uint8Array): string[] =>
    spellCharacters(charactersOf(bytes), affixes, (character) => alphabet.has(character));
  for (const symbol of allSymbols(words, spell)) vocabulary.add(symbol);
  return rowsOf(words, (bytes, push) => {
    for (const symbol of spell(bytes)) push(vocabulary.ids.get(symbol)!);
  });
}

/** All symbols of the words, by code point. */
export function allSymbols(
  words: WordCounts,
  spell: (bytes: Uint8Array) => readonly string[],
): string[] {
  const symbols = new Set<string>();
  for (let word = 0; word < words.size; word++) {
    for (const symbol of spell(words.bytesOf(word))) symbols.add(symbol);
  }
  return [...symbols].toSorted(compareCodePoints);
}

/** The characters of a word that are kept, with their affixes. */
export function spellCharacters(
  characters: readonly string[],
  { prefix, suffix }: Affixes,
  isKept: (character: string) => boolean = () => true,
): string[] {
  const symbols: string[] = [];
  for (const [i, character] of characters.entries()) {
    if (!isKept(character)) continue;
    const isLast = i === characters.length - 1;
    symbols.push((i > 0 ? prefix : "") + character + (isLast ? suffix : ""));
  }
  return symbols;
}

/** @param encode pushes the symbols of a word */
export function rowsOf(
  words: WordCounts,
  encode: (bytes: Uint8Array, push: (symbol: number) => void) => void,
): SymbolRows {
  let symbols = new Int32Array(1024);
  let length = 0;
  const push = (symbol: number): void => {
    if (length === symbols.length) {
      const larger = new Int32Array(2 * length);
      larger.set(symbols);
      symbols = larger;
    }
    symbols[length++] = symbol;
  };
  const starts = new Int32Array(words.size + 1);
  for (let word = 0; word < words.size; word++) {
    encode(words.bytesOf(word), push);
    starts[word + 1] = length;
  }
  return { symbols: symbols.subarray(0, length), starts, counts: words.counts };
}
