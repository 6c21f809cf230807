import { ConfigError } from "orrery-lm/base";
import type { AlignedText } from "../aligned-text.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * Normalizes with another normalizer, and says so where what it makes of a text is longer than a string
 * can be in this engine, 2^29 − 24 UTF-16 units in V8, or, where offsets are kept, than 2^27.
 */
export class LimitedNormalizer implements Normalizer {
  readonly #normalizer: Normalizer;

  constructor(normalizer: Normalizer) {
    this.#normalizer = normalizer;
  }

  /** @throws {ConfigError} if the result is longer than a string can be. */
  normalize(text: AlignedText): AlignedText {
    try {
      return this.#normalizer.normalize(text);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new ConfigError(
        `the normalizer makes more of a text of ${text.text.length} characters than can be held ` +
          `(${cause.message}); encode it in parts`,
        { cause },
      );
    }
  }
}
