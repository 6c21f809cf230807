/** What a feed-forward network does. */

import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";
import type { Activation } from "./activation.ts";

/** Transforms each token on its own. */
export interface FFN extends Part {
  /**
   * @param x [..., C]
   * @param name scope of the part, such as `layers.3.ffn`; names for `capture` start with it
   * @returns [..., C]
   */
  apply(lookup: ParameterLookup, x: Value, name: string): Value;
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
