import type { AlignedText } from "../aligned-text.ts";
import { TextRewriter } from "../text-rewriter.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";
import type { Normalizer } from "./normalizer.ts";

/** Options of {@link StripNormalizer}. */
export interface StripNormalizerOptions {
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
}

/** `Strip`: removes White_Space (U+0085 too, not U+FEFF) from the ends of a stretch of text. */
export class StripNormalizer implements Normalizer {
  readonly #options: StripNormalizerOptions;

  constructor(options: StripNormalizerOptions) {
    this.#options = options;
  }

  normalize(text: AlignedText): AlignedText {
    const isSpace = (i: number): boolean => hasClass(text.text.charCodeAt(i), SPACE);
    let start = 0;
    let end = text.text.length;
    if (this.#options.stripLeft) while (start < end && isSpace(start)) start++;
    if (this.#options.stripRight) while (start < end && isSpace(end - 1)) end--;
    if (start === 0 && end === text.text.length) return text;
    const rewriter = new TextRewriter(text);
    rewriter.skipTo(start);
    rewriter.copyTo(end);
    rewriter.skipTo(text.text.length);
    return rewriter.finish();
  }
}
