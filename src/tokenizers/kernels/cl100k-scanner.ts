import { LETTER, MARK, NUMBER, SPACE } from "../unicode/classes.ts";
import { anyCaseContractionEnd } from "./contraction.ts";
import { classAt, isLineEnd, linesOrSpacesEnd, numbersEnd, runOf, runWithout } from "./runs.ts";
import type { Scanner } from "./scanner.ts";
import { widthOf } from "../collections/utf8.ts";

const BLANK = 0x20;

/** How the patterns of this family differ. */
export interface Cl100kOptions {
  /** How many digits a number has at most: 3, or 1 in Qwen's. */
  readonly maxDigits: number;
  /** Marks belong to words: `[\p{L}\p{M}]+`, as in Qwen 3.5's. */
  readonly joinsMarks: boolean;
  /** Spaces that end the text are one piece, with or without line ends: `\s++$` comes first. */
  readonly joinsLastSpaces: boolean;
}

/**
 * Makes the scanner of GPT-4's pattern and its kin, those of Llama 3 and Qwen:
 *
 *     (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 *      ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 *
 * Any one character that is no letter, number or line end goes with the word behind it: "(word" is
 * one piece.
 */
export function makeCl100kScanner(options: Cl100kOptions): Scanner {
  const { maxDigits, joinsMarks, joinsLastSpaces } = options;
  const WORD_PART = joinsMarks ? LETTER | MARK : LETTER;
  const KINDS = WORD_PART | NUMBER | SPACE;

  function pieceEnd(bytes: Uint8Array, start: number, length: number): number {
    const first = bytes[start]!;
    const kind = classAt(bytes, start) & KINDS;
    if ((kind & WORD_PART) !== 0) return runOf(bytes, start, length, WORD_PART);
    if (kind === NUMBER) return numbersEnd(bytes, start, length, maxDigits);
    const contraction = anyCaseContractionEnd(bytes, start, length);
    if (contraction !== 0) return contraction;
    const next = start + widthOf(first);
    const nextKind = next < length ? classAt(bytes, next) & KINDS : SPACE;
    if ((nextKind & WORD_PART) !== 0 && !isLineEnd(first)) {
      return runOf(bytes, next, length, WORD_PART);
    }
    if (kind === 0) return symbolsEnd(bytes, start, length);
    if (first === BLANK && nextKind === 0) return symbolsEnd(bytes, next, length);
    const spaces = joinsLastSpaces ? runOf(bytes, start, length, SPACE) : 0;
    return spaces === length ? spaces : linesOrSpacesEnd(bytes, start, length);
  }

  function symbolsEnd(bytes: Uint8Array, start: number, length: number): number {
    let position = runWithout(bytes, start, length, KINDS);
    while (position < length && isLineEnd(bytes[position]!)) position++;
    return position;
  }

  return (bytes, length, ends) => {
    let position = 0;
    while (position < length) {
      position = pieceEnd(bytes, position, length);
      ends.push(position);
    }
  };
}
