import { rmsNorm, type Value } from "orrery-lm/tensor";
import { vectorSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { Norm } from "./norm.ts";

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Channels, C. */
  size: number;
  /** Added to the mean square, inside the root. */
  eps: number;
}

/**
 * Root mean square normalization: each token to unit mean square, then a learned gain. No mean is
 * subtracted and there is no bias.
 *
 *     y = x / √(mean(x²) + eps) · weight
 *
 * @see Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export class RMSNorm implements Norm {
  readonly #size: number;
  readonly #eps: number;

  constructor({ size, eps }: RMSNormOptions) {
    this.#size = size;
    this.#eps = eps;
  }

  parameters(): ParameterSpecs {
    return { weight: vectorSpec(this.#size, "ones") };
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    return rmsNorm(x, lookup("weight"), this.#eps);
  }
}
