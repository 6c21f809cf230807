/** Formulas of RoPE in float64, for figures and derivations. */

import { rotaryFrequencies } from "./rotary-frequencies.ts";

/**
 * By how much each pair of channels turns at a position, in radians.
 *
 *     angle(i) = position · theta^(-2i/R)        i = 0 … R/2 - 1
 */
export function rotaryAngles(rotaryDim: number, theta: number, position: number): Float64Array {
  return rotaryFrequencies(rotaryDim, theta).map((frequency) => position * frequency);
}

/**
 * RoPE as the paper derives it: channels 2i and 2i + 1 are a complex number, times `e^(i·angle)`.
 *
 * @param x even number of channels
 */
export function rotateComplex(x: ArrayLike<number>, angles: ArrayLike<number>): Float64Array {
  const turned = new Float64Array(x.length);
  for (let i = 0; i < angles.length; i++) {
    const [real, imaginary] = [x[2 * i]!, x[2 * i + 1]!];
    const [c, s] = [Math.cos(angles[i]!), Math.sin(angles[i]!)];
    turned[2 * i] = real * c - imaginary * s;
    turned[2 * i + 1] = imaginary * c + real * s;
  }
  return turned;
}

/**
 * The factor of the paper's bound of `q·k` that depends on the distance between two tokens. It
 * falls on the whole, not from each distance to the next, and says nothing about trained models.
 *
 *     mean over j = 1 … R/2 of |S(j)|        S(j) = Σ_(l<j) e^(i · offset · frequency(l))
 *
 * @see Su et al. 2021, §3.4.3, https://arxiv.org/abs/2104.09864
 */
export function ropeDecayBound(
  rotaryDim: number,
  theta: number,
  offsets: readonly number[],
): Float64Array {
  return Float64Array.from(offsets, (offset) => {
    let [real, imaginary, sum] = [0, 0, 0];
    for (const angle of rotaryAngles(rotaryDim, theta, offset)) {
      real += Math.cos(angle);
      imaginary += Math.sin(angle);
      sum += Math.hypot(real, imaginary);
    }
    return (2 * sum) / rotaryDim;
  });
}
