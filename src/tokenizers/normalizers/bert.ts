import type { BertNormalizerJson } from "orrery-lm/formats";
import { AlignedText } from "../aligned-text.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";
import { lowercaseOf } from "../unicode/lowercase.ts";
import { isControl, isNonspacingMark } from "../unicode/old-categories.ts";
import { mapCharacters } from "./map-characters.ts";
import type { Normalizer } from "./normalizer.ts";
import { UnicodeFormNormalizer } from "./unicode-form.ts";

// Text whose characters keep their places, and need no look one by one.
const PLAIN = /^[\t\n\r -~]*$/;

/**
 * `BertNormalizer`: drops control characters and makes blanks of other spaces, puts blanks around
 * Chinese characters, takes accents off, makes everything lower case; in this order.
 *
 * Without a word about `stripAccents` accents go if the case goes. Accents are nonspacing marks (Mn)
 * after NFD, so a letter like "ø" stays.
 *
 * @see Devlin et al. 2018, BERT, tokenization.py
 */
export class BertNormalizer implements Normalizer {
  readonly #json: BertNormalizerJson;
  readonly #stripAccents: boolean;
  readonly #decompose = new UnicodeFormNormalizer("NFD");

  constructor(json: BertNormalizerJson) {
    this.#json = json;
    this.#stripAccents = json.stripAccents ?? json.lowercase;
  }

  normalize(text: AlignedText): AlignedText {
    if (PLAIN.test(text.text)) return this.#plain(text);
    const cleaned = mapCharacters(text, (codePoint) => this.#cleaned(codePoint));
    if (!this.#stripAccents) {
      return this.#json.lowercase ? mapCharacters(cleaned, lowercaseOf) : cleaned;
    }
    return mapCharacters(this.#decompose.normalize(cleaned), (codePoint) => {
      if (isNonspacingMark(codePoint)) return "";
      return this.#json.lowercase ? lowercaseOf(codePoint) : undefined;
    });
  }

  #plain(text: AlignedText): AlignedText {
    const { cleanText, lowercase } = this.#json;
    const cleaned = cleanText ? text.text.replaceAll(/[\t\n\r]/g, " ") : text.text;
    const lowered = lowercase ? cleaned.toLowerCase() : cleaned;
    return new AlignedText(lowered, text.isAtStart, text.alignment);
  }

  #cleaned(codePoint: number): string | undefined {
    if (codePoint > 0x20 && codePoint < 0x7f) return undefined;
    if (this.#json.cleanText) {
      if (isControl(codePoint)) return "";
      if (hasClass(codePoint, SPACE)) return " ";
    }
    if (this.#json.handleChineseChars && isChinese(codePoint)) {
      return ` ${String.fromCodePoint(codePoint)} `;
    }
    return undefined;
  }
}

/**
 * The blocks of ideographs that BERT names. U+2B820 to U+2B91F are not among them: a slip in
 * Hugging Face `tokenizers`, which the ids of all its users depend on.
 */
export function isChinese(codePoint: number): boolean {
  if (codePoint < 0x3400) return false;
  if (codePoint < 0x20000) {
    return (
      codePoint <= 0x4dbf ||
      (codePoint >= 0x4e00 && codePoint <= 0x9fff) ||
      (codePoint >= 0xf900 && codePoint <= 0xfaff)
    );
  }
  return (
    codePoint <= 0x2a6df ||
    (codePoint >= 0x2a700 && codePoint <= 0x2b81f) ||
    (codePoint >= 0x2b920 && codePoint <= 0x2ceaf) ||
    (codePoint >= 0x2f800 && codePoint <= 0x2fa1f)
  );
}
