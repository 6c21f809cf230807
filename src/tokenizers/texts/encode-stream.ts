import { ConfigError } from "orrery-lm/base";
import type { SpecialTokens } from "../added-tokens/added-tokens.ts";
import type { PlaceInText } from "../kernels/kernel.ts";
import { SpecialTokenError } from "../special-token-error.ts";
import type { TextEncoding } from "../text-encoding.ts";

/** What an {@link EncodeStream} is made of. */
export interface EncodeStreamSteps {
  readonly encoding: TextEncoding;
  readonly specialTokens: SpecialTokens;
  /** What the post-processor puts around the tokens. */
  readonly before: Uint32Array;
  readonly behind: Uint32Array;
}

/**
 * Encodes text that comes in portions. The ids it gives, joined, are what `encode` gives at once: it
 * holds back what later text could still change. Where nothing proves that a place can be cut (a text
 * without blanks, a normalizer that looks ahead), that is everything until the end.
 */
export class EncodeStream {
  readonly #steps: EncodeStreamSteps;
  #held = "";
  #retryAt = 0; // UTF-16 units; to look again and again for a cut that is not there would be quadratic
  #consumed = 0;
  #place: PlaceInText = "textStart";
  #before: Uint32Array;
  #isEnded = false;

  constructor(steps: EncodeStreamSteps) {
    this.#steps = steps;
    this.#before = steps.before;
  }

  /**
   * The ids that this text settles.
   * @throws {ConfigError} after the end.
   * @throws {SpecialTokenError} if special tokens are refused and the text has one.
   */
  push(text: string): Uint32Array {
    const { encoding, specialTokens } = this.#steps;
    if (this.#isEnded) {
      throw new ConfigError("EncodeStream.push: the text has ended; begin another stream");
    }
    this.#held += text;
    if (this.#held.length < this.#retryAt) return new Uint32Array(0);
    const cut = this.#located(() => encoding.lastCut(this.#held, specialTokens));
    this.#retryAt = cut === 0 ? 2 * this.#held.length : 0;
    if (cut === 0) return new Uint32Array(0);
    const settled = this.#held.slice(0, cut);
    this.#held = this.#held.slice(cut);
    const ids = this.#encode(settled);
    this.#place = "inside";
    return ids;
  }

  /**
   * The ids of what was held back, and those that the post-processor adds; nothing the second time.
   * @throws {SpecialTokenError} if special tokens are refused and the text has one.
   */
  end(): Uint32Array {
    if (this.#isEnded) return new Uint32Array(0);
    const rest = this.#encode(this.#held);
    this.#isEnded = true;
    this.#held = "";
    return joined(rest, this.#steps.behind);
  }

  #encode(text: string): Uint32Array {
    const { encoding, specialTokens } = this.#steps;
    const ids = this.#located(() => encoding.encodeIds(text, specialTokens, this.#place));
    this.#consumed += text.length;
    const all = joined(this.#before, ids);
    this.#before = new Uint32Array(0);
    return all;
  }

  /** A special token is reported by its place in the whole stream. */
  #located<T>(run: () => T): T {
    try {
      return run();
    } catch (cause) {
      if (!(cause instanceof SpecialTokenError)) throw cause;
      throw new SpecialTokenError(cause.token, cause.offset + this.#consumed);
    }
  }
}

function joined(first: Uint32Array, second: Uint32Array): Uint32Array {
  const all = new Uint32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
