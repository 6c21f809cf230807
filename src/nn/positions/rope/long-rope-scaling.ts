import { cast, constant, less, multiply, scalar, subtract, add } from "orrery-lm/tensor";
import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryBase, RotaryScaling } from "./rotary-scaling.ts";

/** Options of {@link longRopeScaling}. */
export interface LongRopeOptions {
  /** What the frequency of each pair is divided by, in texts of up to L tokens, [R/2]. */
  shortFactors: readonly number[];
  /** The same for longer texts. */
  longFactors: readonly number[];
  /** Tokens of the longest text before the extension, L. */
  originalMaxPositions: number;
  /** How many times longer texts became. */
  factor: number;
  /** @default {@link longRopeAttentionFactor} */
  attentionFactor?: number | undefined;
}

/**
 * How much LongRoPE multiplies cosines and sines by.
 *
 *     √(1 + ln(factor) / ln(L))        factor > 1
 */
export function longRopeAttentionFactor(factor: number, originalMaxPositions: number): number {
  return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxPositions));
}

/**
 * LongRoPE: a searched factor for each pair, one list for texts up to the length of training and
 * another for longer ones. At the token that makes a text too long, the angles of all tokens
 * before it change, and keys that were turned before must be turned again. The factor of attention
 * applies to short texts too.
 *
 *     frequency(i) = theta^(-2i/R) / factors(i)
 *
 * @see Ding et al. 2024, https://arxiv.org/abs/2402.13753
 */
export function longRopeScaling(options: LongRopeOptions): RotaryScaling {
  const { shortFactors, longFactors, originalMaxPositions, factor } = options;
  const divided = ({ rotaryDim, theta }: RotaryBase, factors: readonly number[]): Float64Array =>
    rotaryFrequencies(rotaryDim, theta).map((frequency, i) => frequency / factors[i]!);
  return {
    name: "longrope",
    attentionFactor:
      options.attentionFactor ?? longRopeAttentionFactor(factor, originalMaxPositions),
    frequencies: (base, length) =>
      divided(base, length > originalMaxPositions ? longFactors : shortFactors),
    byLength: {
      rotationAt: (length) => (length > originalMaxPositions ? 1 : 0),
      frequencies(base, length) {
        const pairs = [base.rotaryDim / 2];
        const isLong = cast(less(scalar(originalMaxPositions), length), "float32"); // [1]
        const isShort = subtract(scalar(1), isLong);
        const long = multiply(isLong, constant(divided(base, longFactors), pairs));
        return add(long, multiply(isShort, constant(divided(base, shortFactors), pairs)));
      },
    },
  };
}
