import type { AlignedText } from "../aligned-text.ts";
import { SPACE, WORD, hasClass } from "../unicode/classes.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** `Whitespace`: runs of word characters, and runs of what is neither such nor White_Space, `\w+|[^\w\s]+`. */
export class WhitespacePreTokenizer implements PreTokenizer {
  *split(text: AlignedText): Generator<AlignedText> {
    let start = 0;
    let kind: Kind = "space";
    for (let i = 0; i < text.text.length;) {
      const codePoint = text.text.codePointAt(i)!;
      const its = kindOf(codePoint);
      if (its !== kind) {
        if (kind !== "space") yield text.slice(start, i);
        start = i;
        kind = its;
      }
      i += codePoint > 0xffff ? 2 : 1;
    }
    if (kind !== "space") yield text.slice(start, text.text.length);
  }
}

type Kind = "word" | "space" | "other";

function kindOf(codePoint: number): Kind {
  if (hasClass(codePoint, WORD)) return "word";
  return hasClass(codePoint, SPACE) ? "space" : "other";
}
