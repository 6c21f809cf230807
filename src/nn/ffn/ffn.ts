/** What a feed-forward network does. */

import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";
import type { Activation } from "./activation.ts";

/** Transforms each token on its own. */
export interface FFN extends Part {
  /** @param x [..., C]; @returns [..., C] */
  apply(lookup: ParameterLookup, x: Value): Value;
}

/** Options that every feed-forward network takes. */
export interface FFNOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Inner channels, F. */
  intermediateSize: number;
  activation: Activation;
  hasBias: boolean;
  /** Standard deviation of the initial weights, and of those that write to the residual stream. */
  std: number;
  outputStd: number;
}
