import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryScaling } from "./rotary-scaling.ts";

/** Options of {@link llama3Scaling}. */
export interface Llama3ScalingOptions {
  factor: number;
  /** Pairs that turn less often than this within L tokens are interpolated. */
  lowFrequencyFactor: number;
  /** Pairs that turn more often than this stay as they are. */
  highFrequencyFactor: number;
  /** Tokens of the longest text before the extension, L. */
  originalMaxPositions: number;
}

/**
 * Llama 3.1's scaling: as in YaRN fast pairs stay and slow ones are interpolated, with a blend
 * between that is linear in how often a pair turns, and without a factor of attention.
 *
 *     turns(i) = L · frequency(i) / 2π
 *     blend(i) = clamp((turns(i) - low) / (high - low), 0, 1)
 *     frequency(i) · (blend(i) + (1 - blend(i)) / factor)
 *
 * @see Grattafiori et al. 2024, https://arxiv.org/abs/2407.21783; the formula is in Meta's code only
 */
export function llama3Scaling(options: Llama3ScalingOptions): RotaryScaling {
  const { factor, originalMaxPositions } = options;
  const { lowFrequencyFactor: low, highFrequencyFactor: high } = options;
  return {
    name: "llama3",
    frequencies: ({ rotaryDim, theta }) =>
      rotaryFrequencies(rotaryDim, theta).map((frequency) => {
        const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
        const blend = Math.min(Math.max((turns - low) / (high - low), 0), 1);
        return frequency * (blend + (1 - blend) / factor);
      }),
  };
}
