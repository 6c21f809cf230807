import type { AlignedText } from "../aligned-text.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";
import { matchesOf } from "./character-matches.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

/** `WhitespaceSplit`: cuts at White_Space (U+0085 too, not U+FEFF) and leaves it out. */
export class WhitespaceSplitPreTokenizer implements PreTokenizer {
  split(text: AlignedText): Iterable<AlignedText> {
    return splitMatches(text, matchesOf(text.text, isSpace), "Removed");
  }
}

function isSpace(codePoint: number): boolean {
  return hasClass(codePoint, SPACE);
}
