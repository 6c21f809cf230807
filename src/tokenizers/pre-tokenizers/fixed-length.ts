import type { AlignedText } from "../aligned-text.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** `FixedLength`: pieces of so many code points; the last may be shorter. */
export class FixedLengthPreTokenizer implements PreTokenizer {
  readonly #length: number;

  /** @param length at least 1 */
  constructor(length: number) {
    this.#length = length;
  }

  *split(text: AlignedText): Generator<AlignedText> {
    let start = 0;
    while (start < text.text.length) {
      let end = start;
      for (let i = 0; i < this.#length && end < text.text.length; i++) {
        end += text.text.codePointAt(end)! > 0xffff ? 2 : 1;
      }
      yield text.slice(start, end);
      start = end;
    }
  }
}
