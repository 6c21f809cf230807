import { add, constant, exp, log, maximum, multiply, scalar } from "orrery-lm/tensor";
import { ntkBase } from "./ntk-scaling.ts";
import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryScaling } from "./rotary-scaling.ts";

/** Options of {@link dynamicNtkScaling}. */
export interface DynamicNtkOptions {
  factor: number;
  /** Tokens of the longest text of training, L; up to here nothing is scaled. */
  maxPositions: number;
}

/**
 * Dynamic NTK: the base grows with the text, from its length in training on.
 *
 *     s(length) = factor · max(length, L) / L - (factor - 1)
 *     base = theta · s^(R / (R - 2))
 *
 * Every new token changes the angles of all tokens before it, so that keys that were turned for a
 * shorter text and kept are wrong; implementations that keep them give other results than one that
 * reads the text at once. Here the keys of a text always have the base of its length.
 *
 * @see emozilla 2023, and Peng et al. 2023, §3.3, https://arxiv.org/abs/2309.00071
 */
export function dynamicNtkScaling({ factor, maxPositions }: DynamicNtkOptions): RotaryScaling {
  const reached = (length: number): number => Math.max(length, maxPositions);
  return {
    name: "dynamic",
    frequencies(base, length) {
      const scale = (factor * reached(length)) / maxPositions - (factor - 1);
      return rotaryFrequencies(base.rotaryDim, ntkBase(base, scale));
    },
    byLength: {
      rotationAt: reached,
      frequencies({ rotaryDim, theta }, length) {
        const half = rotaryDim / 2;
        const share = multiply(
          maximum(length, scalar(maxPositions)),
          scalar(factor / maxPositions),
        );
        const scale = add(share, scalar(1 - factor));
        // s^(R / (R - 2) · -2i/R) = e^(ln(s) · -2i / (R - 2))
        const exponents = Float64Array.from({ length: half }, (_, i) =>
          half === 1 ? 0 : (-2 * i) / (rotaryDim - 2),
        );
        const plain = constant(rotaryFrequencies(rotaryDim, theta), [half]);
        return multiply(plain, exp(multiply(log(scale), constant(exponents, [half]))));
      },
    },
  };
}
