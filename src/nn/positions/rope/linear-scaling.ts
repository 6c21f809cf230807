import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryScaling } from "./rotary-scaling.ts";

/**
 * Position interpolation: all frequencies divided by one factor, so that a text `factor` times as
 * long turns no pair farther than training did. Neighbors are then closer than ever in training: a
 * model that was not tuned for it gets worse on short texts too.
 *
 *     frequency(i) = theta^(-2i/R) / factor
 *
 * @see Chen et al. 2023, https://arxiv.org/abs/2306.15595
 */
export function linearScaling(factor: number): RotaryScaling {
  return {
    name: "linear",
    frequencies: ({ rotaryDim, theta }) =>
      rotaryFrequencies(rotaryDim, theta).map((frequency) => frequency / factor),
  };
}
