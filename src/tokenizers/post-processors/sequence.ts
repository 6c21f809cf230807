import type { Encoding } from "../encodings/encoding.ts";
import type { ByteLevelPostProcessor } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";

/**
 * `Sequence`: any number of `ByteLevel`, which trim the offsets of each text, and one post-processor
 * that adds tokens. Tokens that were added have no offsets to trim, so the order does not matter.
 */
export class SequencePostProcessor implements PostProcessor {
  readonly #trimmers: readonly ByteLevelPostProcessor[];
  readonly #template: PostProcessor;

  constructor(trimmers: readonly ByteLevelPostProcessor[], template: PostProcessor) {
    this.#trimmers = trimmers;
    this.#template = template;
  }

  addedTokenCount(isPair: boolean): number {
    return this.#template.addedTokenCount(isPair);
  }

  processIds(ids: Uint32Array, addSpecialTokens: boolean): Uint32Array {
    return this.#template.processIds(ids, addSpecialTokens);
  }

  process(text: Encoding, pair: Encoding | undefined, addSpecialTokens: boolean): Encoding {
    const trim = (encoding: Encoding): Encoding =>
      this.#trimmers.reduce((trimmed, trimmer) => trimmer.trim(trimmed), encoding);
    return this.#template.process(trim(text), pair && trim(pair), addSpecialTokens);
  }
}
