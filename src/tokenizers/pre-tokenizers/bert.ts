import type { AlignedText } from "../aligned-text.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";
import { isPunctuation } from "../unicode/old-categories.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/**
 * `BertPreTokenizer`: cuts at White_Space and leaves it out, and makes a piece of each punctuation
 * mark. All of ASCII that is no letter or digit is punctuation ("$", "+", "~"); above it a symbol is
 * none ("€", "×").
 *
 * @see Devlin et al. 2018, BERT, tokenization.py
 */
export class BertPreTokenizer implements PreTokenizer {
  *split(text: AlignedText): Generator<AlignedText> {
    let start = 0;
    for (let i = 0; i < text.text.length;) {
      const codePoint = text.text.codePointAt(i)!;
      const end = i + (codePoint > 0xffff ? 2 : 1);
      const isSpace = hasClass(codePoint, SPACE);
      if (isSpace || isPunctuation(codePoint)) {
        if (start < i) yield text.slice(start, i);
        if (!isSpace) yield text.slice(i, end);
        start = end;
      }
      i = end;
    }
    if (start < text.text.length) yield text.slice(start, text.text.length);
  }
}
