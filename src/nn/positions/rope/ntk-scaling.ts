import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryBase, RotaryScaling } from "./rotary-scaling.ts";

/**
 * The base that divides the lowest frequency by `factor` and leaves the highest as it is.
 *
 *     theta · factor^(R / (R - 2))
 *
 * With two channels there is one frequency, which is the highest: it stays.
 */
export function ntkBase({ rotaryDim, theta }: RotaryBase, factor: number): number {
  return rotaryDim <= 2 ? theta : theta * factor ** (rotaryDim / (rotaryDim - 2));
}

/**
 * NTK-aware scaling: another base, the same for every length. Fast pairs, which tell neighbors
 * apart, keep their pace; slow ones are interpolated. The text that fits is somewhat shorter than
 * `factor` times that of training, since middle pairs turn farther than they ever did.
 *
 * @see bloc97 2023, and Peng et al. 2023, §3.1, https://arxiv.org/abs/2309.00071
 */
export function ntkScaling(factor: number): RotaryScaling {
  return {
    name: "ntk",
    frequencies: (base) => rotaryFrequencies(base.rotaryDim, ntkBase(base, factor)),
  };
}
