import { SCRIPT_RUNS } from "../../unicode/sentencepiece-scripts.gen.ts";

/** The blank as SentencePiece writes it, U+2581. */
export const BLANK: number = 0x2581;
/** Stands in the text for a character that gets no piece, U+2585. */
export const RARE: number = 0x2585;
/** Stands in the text for a user-defined or control symbol. */
export const SYMBOL: number = 0x09;

/** What may become a piece. */
export interface PieceRulesOptions {
  /** In code points. */
  readonly maxPieceLength: number;
  /** No piece has characters of two scripts. */
  readonly splitByUnicodeScript: boolean;
  /** No piece has digits beside letters. */
  readonly splitByNumber: boolean;
  /** Each digit is a piece of its own. */
  readonly splitDigits: boolean;
  /** No piece goes over a blank. */
  readonly splitByWhitespace: boolean;
  /** The blank is the end of a word and not its beginning. */
  readonly treatWhitespaceAsSuffix: boolean;
  /** Several blanks may be a piece. */
  readonly allowWhitespaceOnlyPieces: boolean;
}

const INHERITED = 1;
const ANY = -1; // goes with every script

/**
 * Decides which strings may become pieces, as the trainers of SentencePiece 0.2.2 do.
 *
 * Scripts are those of Unicode 9, with Han, Hiragana and Katakana as one. The trap: a character of
 * the script Inherited, such as an accent, takes the script of the one before.
 */
export class PieceRules {
  readonly #options: PieceRulesOptions;
  readonly #alphabet: Int32Array;
  readonly #scripts: Int16Array; // by symbol

  /** @param alphabet the code point of each symbol, in ascending order */
  constructor(alphabet: Int32Array, options: PieceRulesOptions) {
    this.#options = options;
    this.#alphabet = alphabet;
    this.#scripts = scriptsOf(alphabet);
    if (!options.splitByNumber) {
      for (const [symbol, character] of alphabet.entries()) {
        if (isDigit(character)) this.#scripts[symbol] = ANY;
      }
    }
  }

  /** Whether the symbols `text[start, end)` may be a piece. */
  allows(text: Int32Array, start: number, end: number): boolean {
    const { maxPieceLength, splitByUnicodeScript, splitDigits } = this.#options;
    if (end - start > maxPieceLength || end === start) return false;
    let script = ANY;
    for (let i = start; i < end; i++) {
      const character = this.#alphabet[text[i]!]!;
      if (character === RARE || character === 0 || character === SYMBOL) return false;
      if (character === BLANK) {
        if (!this.#allowsBlank(text, start, end, i)) return false;
        continue;
      }
      if (splitDigits && end - start > 1 && isDigit(character)) return false;
      const own = this.#scripts[text[i]!]!;
      const next = own === INHERITED ? script : own;
      if (splitByUnicodeScript && next !== ANY && script !== ANY && next !== script) return false;
      script = next;
    }
    return true;
  }

  #allowsBlank(text: Int32Array, start: number, end: number, i: number): boolean {
    const { splitByWhitespace, treatWhitespaceAsSuffix, allowWhitespaceOnlyPieces } = this.#options;
    const [first, last] = treatWhitespaceAsSuffix ? [end - 1, start] : [start, end - 1];
    // Where words may be joined, a blank may stand inside a piece, but not at its wrong end.
    if (i === first || (!splitByWhitespace && i !== last)) return true;
    if (!allowWhitespaceOnlyPieces) return false;
    return text.subarray(start, end).every((symbol) => this.#alphabet[symbol] === BLANK);
  }
}

/** ASCII digits and their full-width forms; the digits of other scripts count as letters. */
function isDigit(character: number): boolean {
  return (character >= 0x30 && character <= 0x39) || (character >= 0xff10 && character <= 0xff19);
}

function scriptsOf(alphabet: Int32Array): Int16Array {
  const scripts = new Int16Array(alphabet.length);
  let symbol = 0;
  for (const run of SCRIPT_RUNS.split(" ")) {
    const [start, count, script] = run.split(".").map((part) => parseInt(part, 16));
    while (symbol < alphabet.length && alphabet[symbol]! < start!) symbol++;
    for (; symbol < alphabet.length && alphabet[symbol]! < start! + count!; symbol++) {
      scripts[symbol] = script!;
    }
  }
  return scripts;
}
