import type { AlignedText } from "../aligned-text.ts";
import { ANY_SCRIPT } from "../unicode/old-scripts.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/**
 * `UnicodeScripts`: cuts where the script changes. What goes with any script stays with what is before
 * it; at the start, where nothing is, it is left out, as in the reference.
 */
export class UnicodeScriptsPreTokenizer implements PreTokenizer {
  readonly #scripts: Uint8Array;

  /** @param scripts a number for the script of each code point */
  constructor(scripts: Uint8Array) {
    this.#scripts = scripts;
  }

  *split(text: AlignedText): Generator<AlignedText> {
    let start = -1;
    let last = ANY_SCRIPT;
    for (let i = 0; i < text.text.length;) {
      const codePoint = text.text.codePointAt(i)!;
      const script = this.#scripts[codePoint]!;
      if (script !== ANY_SCRIPT && script !== last) {
        if (start >= 0) yield text.slice(start, i);
        start = i;
        last = script;
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    if (start >= 0) yield text.slice(start, text.text.length);
  }
}
