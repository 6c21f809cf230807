/** What an attention does. */

import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";
import type { SequenceContext } from "../sequence-context.ts";

/** Lets tokens read from tokens. */
export interface Attention extends Part {
  /** @param x [B, T, C]; @returns [B, T, C] */
  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value;
}
