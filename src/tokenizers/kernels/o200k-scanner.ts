import { LETTER, LOWER, MARK, NUMBER, SPACE, UPPER } from "../unicode/classes.ts";
import { anyCaseContractionEnd } from "./contraction.ts";
import { classAt, isLineEnd, linesOrSpacesEnd, numbersEnd, runWithout } from "./runs.ts";
import type { Scanner } from "./scanner.ts";
import { widthOf } from "../collections/utf8.ts";

const BLANK = 0x20;
const SLASH = 0x2f;
const KINDS = LETTER | NUMBER | SPACE;
const WORD_PART = LETTER | MARK;

/** How the patterns of this family differ. */
export interface O200kOptions {
  /** How many digits a number has at most: 3, or 1 in Mistral's. */
  readonly maxDigits: number;
  /** Words take "'s", "'ll", … along; not in Mistral's. */
  readonly joinsContractions: boolean;
}

/**
 * Makes the scanner of GPT-4o's pattern and its kin, whose words end where upper case follows lower:
 *
 *     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
 *     [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
 *     \p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 */
export function makeO200kScanner({ maxDigits, joinsContractions }: O200kOptions): Scanner {
  function pieceEnd(bytes: Uint8Array, start: number, length: number): number {
    const first = bytes[start]!;
    const flags = classAt(bytes, start);
    if ((flags & WORD_PART) !== 0)
      return withContraction(bytes, wordEnd(bytes, start, length), length);
    if ((flags & NUMBER) !== 0) return numbersEnd(bytes, start, length, maxDigits);
    const next = start + widthOf(first);
    if (!isLineEnd(first)) {
      const end = wordEnd(bytes, next, length);
      if (end > next) return withContraction(bytes, end, length);
    }
    if ((flags & SPACE) === 0) return symbolsEnd(bytes, start, length);
    const isSymbolNext = first === BLANK && next < length && (classAt(bytes, next) & KINDS) === 0;
    return isSymbolNext ? symbolsEnd(bytes, next, length) : linesOrSpacesEnd(bytes, start, length);
  }

  function withContraction(bytes: Uint8Array, end: number, length: number): number {
    return (joinsContractions && anyCaseContractionEnd(bytes, end, length)) || end;
  }

  return (bytes, length, ends) => {
    let position = 0;
    while (position < length) {
      position = pieceEnd(bytes, position, length);
      ends.push(position);
    }
  };
}

/**
 * The end of `[Lu Lt Lm Lo M]*[Ll Lm Lo M]+`, or else of `[Lu Lt Lm Lo M]+`, from `start` on; `start`
 * if neither matches. (A mark in front may count as the one character before the word, too: that
 * gives the same end.)
 */
function wordEnd(bytes: Uint8Array, start: number, length: number): number {
  let position = start;
  let caselessEnd = start;
  while (position < length) {
    const flags = classAt(bytes, position);
    if ((flags & LOWER) !== 0) return lowerEnd(bytes, position, length);
    if ((flags & WORD_PART) === 0) break;
    position += widthOf(bytes[position]!);
    if ((flags & UPPER) === 0) caselessEnd = position;
  }
  // Without lower case at its end, `[…]*` gives back what is behind its last caseless character.
  return caselessEnd > start ? caselessEnd : position;
}

/** The end of `[Ll Lm Lo M]+` from `start` on. */
function lowerEnd(bytes: Uint8Array, start: number, length: number): number {
  let position = start;
  while (position < length) {
    const flags = classAt(bytes, position);
    if ((flags & WORD_PART) === 0 || (flags & UPPER) !== 0) break;
    position += widthOf(bytes[position]!);
  }
  return position;
}

/** The end of `[^\s\p{L}\p{N}]+[\r\n/]*` from `start` on. */
function symbolsEnd(bytes: Uint8Array, start: number, length: number): number {
  let position = runWithout(bytes, start, length, KINDS);
  while (position < length && (isLineEnd(bytes[position]!) || bytes[position] === SLASH))
    position++;
  return position;
}
