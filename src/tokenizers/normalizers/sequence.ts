import type { AlignedText } from "../aligned-text.ts";
import type { Normalizer } from "./normalizer.ts";

/** `Sequence`: normalizers, one after the other. */
export class SequenceNormalizer implements Normalizer {
  readonly #normalizers: readonly Normalizer[];

  constructor(normalizers: readonly Normalizer[]) {
    this.#normalizers = normalizers;
  }

  normalize(text: AlignedText): AlignedText {
    return this.#normalizers.reduce((passed, step) => step.normalize(passed), text);
  }
}
