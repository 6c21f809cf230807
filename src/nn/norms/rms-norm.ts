import { rmsNorm, type Value } from "orrery-lm/tensor";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import { gainSpecs, gainValue, type Gain } from "./gain.ts";
import type { Norm } from "./norm.ts";

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Channels, C. */
  size: number;
  /** Added to the mean square, inside the root. */
  eps: number;
  /** @default "plain" */
  gain?: Gain;
}

/**
 * Root mean square normalization: each token to unit mean square, then a learned gain. No mean is
 * subtracted and there is no bias.
 *
 *     y = x / √(mean(x²) + eps) · gain
 *
 * References in half precision differ in when they leave float32: Llama before the gain, Gemma and
 * OLMo 2 behind it. Here everything is float32, where the two are one.
 *
 * @see Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export class RMSNorm implements Norm {
  readonly #size: number;
  readonly #eps: number;
  readonly #gain: Gain;

  constructor({ size, eps, gain = "plain" }: RMSNormOptions) {
    this.#size = size;
    this.#eps = eps;
    this.#gain = gain;
  }

  parameters(): ParameterSpecs {
    return gainSpecs(this.#gain, this.#size);
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    return rmsNorm(x, gainValue(this.#gain, this.#size, lookup), this.#eps);
  }
}
