import type { AlignedText } from "../aligned-text.ts";
import { matchesOf } from "./character-matches.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

/** `CharDelimiterSplit`: cuts at one character and leaves it out. */
export class CharDelimiterSplitPreTokenizer implements PreTokenizer {
  readonly #delimiter: number;

  /** @param delimiter one character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.codePointAt(0)!;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    const matches = matchesOf(text.text, (codePoint) => codePoint === this.#delimiter);
    return splitMatches(text, matches, "Removed");
  }
}
