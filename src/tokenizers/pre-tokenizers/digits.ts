import type { AlignedText } from "../aligned-text.ts";
import { NUMBER, hasClass } from "../unicode/classes.ts";
import { matchesOf } from "./character-matches.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

/**
 * `Digits`: cuts out numbers, all that Unicode calls so ("²", "Ⅷ", "½"), each digit alone if asked. It
 * goes by Unicode 17.0, where regular expressions go by 16.0.
 */
export class DigitsPreTokenizer implements PreTokenizer {
  readonly #individualDigits: boolean;

  constructor(individualDigits: boolean) {
    this.#individualDigits = individualDigits;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    const behavior = this.#individualDigits ? "Isolated" : "Contiguous";
    return splitMatches(text, matchesOf(text.text, isDigit), behavior);
  }
}

/** Whether `Digits` takes a code point for a number. */
export function isDigit(codePoint: number): boolean {
  return hasClass(codePoint, NUMBER) || isNewNumber(codePoint);
}

/** The digits of Tolong Siki, and three Chinese counting rods: new in Unicode 17.0. */
function isNewNumber(codePoint: number): boolean {
  return (
    (codePoint >= 0x11de0 && codePoint <= 0x11de9) || (codePoint >= 0x16ff4 && codePoint <= 0x16ff6)
  );
}
