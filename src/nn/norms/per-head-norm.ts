import { expand, layerNorm, multiply, reshape, scalar, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { Norm } from "./norm.ts";

/** Options of {@link PerHeadNorm}. */
export interface PerHeadNormOptions {
  heads: number;
  /** Channels per head, D. */
  size: number;
  /** Added to the variance, inside the root. */
  eps: number;
}

/**
 * Layer normalization of queries or keys whose gains differ from head to head, without a bias, as in
 * Command R+.
 *
 *     y = (x - mean(x)) / √(variance(x) + eps) · weight[head]
 *
 * @see Dehghani et al. 2023, §2.1, https://arxiv.org/abs/2302.05442 (QK-norm)
 */
export class PerHeadNorm implements Norm {
  readonly #options: PerHeadNormOptions;

  constructor(options: PerHeadNormOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { heads, size } = this.#options;
    return { weight: { shape: [heads, size], init: { type: "ones" }, decay: false } };
  }

  describe(): PartDescription {
    return describePart("norm per head", this.#options);
  }

  /** @param x [B, K, G, T, D], with K·G heads */
  apply(lookup: ParameterLookup, x: Value): Value {
    const { size, eps } = this.#options;
    const [, keyHeads, groups] = x.shape as [number, number, number];
    const normalized = layerNorm(x, expand(scalar(1), [size]), undefined, eps);
    return multiply(normalized, reshape(lookup("weight"), [1, keyHeads, groups, 1, size]));
  }
}
