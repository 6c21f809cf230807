/** The gain of a norm: how its file stores it, and what it is worth. */

import { add, expand, scalar, type Value } from "orrery-lm/tensor";
import { vectorSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";

/**
 * `plain`: the gain is the parameter. `offset`: it is one more than the parameter, as in Gemma and
 * Nemotron; read as plain, every channel loses its own value once. `none`: it is 1 (OLMo, nanochat).
 */
export type Gain = "plain" | "offset" | "none";

/** Declares `weight` [size], which starts with a gain of 1; nothing if there is none. */
export function gainSpecs(gain: Gain, size: number): ParameterSpecs {
  if (gain === "none") return {};
  return { weight: vectorSpec(size, gain === "offset" ? "zeros" : "ones") };
}

/** The gain, [size]. */
export function gainValue(gain: Gain, size: number, lookup: ParameterLookup): Value {
  if (gain === "none") return expand(scalar(1), [size]);
  return gain === "offset" ? add(lookup("weight"), scalar(1)) : lookup("weight");
}
