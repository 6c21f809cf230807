import type { AlignedText } from "../aligned-text.ts";
import { prependText } from "../pre-tokenizers/prepend-text.ts";
import type { Normalizer } from "./normalizer.ts";

/** `Prepend`: puts a text in front of each stretch between added tokens that is not empty. */
export class PrependNormalizer implements Normalizer {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  normalize(text: AlignedText): AlignedText {
    return prependText(text, this.#prefix);
  }
}
