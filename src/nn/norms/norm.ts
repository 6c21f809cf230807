/** What a normalization does. */

import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";

/** Normalizes each token's channels. */
export interface Norm extends Part {
  /** @param x [..., C]; @returns [..., C] */
  apply(lookup: ParameterLookup, x: Value): Value;
}
