import type { AlignedText } from "../aligned-text.ts";
import { prependText } from "../pre-tokenizers/prepend-text.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * `Prepend`: puts a text in front of each stretch between added tokens that is not empty. The empty
 * text changes nothing; in Hugging Face `tokenizers` 0.23.2 it takes the place of the first character
 * away, and later normalizers may double that character.
 */
export class PrependNormalizer implements Normalizer {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  normalize(text: AlignedText): AlignedText {
    return prependText(text, this.#prefix);
  }
}
