import type { RotaryBase, RotaryScaling } from "./rotary-scaling.ts";

/**
 * Angular frequencies of rotary pairs, in radians per token.
 *
 *     frequency(i) = theta^(-2i/R)        i = 0 … R/2 - 1
 *
 * @param rotaryDim channels that are turned, R
 * @see Su et al. 2021, §3.2.2, https://arxiv.org/abs/2104.09864
 */
export function rotaryFrequencies(rotaryDim: number, theta: number): Float64Array {
  return Float64Array.from({ length: rotaryDim / 2 }, (_, i) => theta ** ((-2 * i) / rotaryDim));
}

/** No scaling: what the model was made with. */
export const noScaling: RotaryScaling = {
  frequencies: ({ rotaryDim, theta }: RotaryBase) => rotaryFrequencies(rotaryDim, theta),
};
