import type { Encoding } from "../encodings/encoding.ts";

/** Puts the finishing touches to an encoding: offsets, special tokens around one or two texts. */
export interface PostProcessor {
  /** How many tokens `process` adds to a text, or to a pair. */
  addedTokenCount(isPair: boolean): number;
  /** The ids alone, of one text; `process(...).ids` in all cases. */
  processIds(ids: Uint32Array, addSpecialTokens: boolean): Uint32Array;
  /** Offsets are in code points here. */
  process(text: Encoding, pair: Encoding | undefined, addSpecialTokens: boolean): Encoding;
}
