import type { AlignedText } from "../aligned-text.ts";
import type { Pattern } from "../patterns/pattern.ts";
import { TextRewriter } from "../text-rewriter.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * `Replace`: another text for what a pattern matches. The content is taken as it is ("$1" too), and
 * all of it shares the place of the last character that it replaces.
 *
 * After a replacement of nothing at the start of a text (pattern "" or "^") the next normalizer of a
 * `Sequence` sometimes fails, or doubles a character, in Hugging Face `tokenizers` 0.23.2; not here.
 */
export class ReplaceNormalizer implements Normalizer {
  readonly #pattern: Pattern;
  readonly #content: string;

  constructor(pattern: Pattern, content: string) {
    this.#pattern = pattern;
    this.#content = content;
  }

  normalize(text: AlignedText): AlignedText {
    const matches = this.#pattern.findAll(text.text);
    if (matches.length === 0) return text;
    const rewriter = new TextRewriter(text);
    for (let i = 0; i < matches.length; i += 2) {
      rewriter.replace(matches[i]!, matches[i + 1]!, this.#content);
    }
    return rewriter.finish();
  }
}
