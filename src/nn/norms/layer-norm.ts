import { layerNorm, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { vectorSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import { gainSpecs, gainValue, type Gain } from "./gain.ts";
import type { Norm } from "./norm.ts";

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** Channels, C. */
  size: number;
  /** Added to the variance, inside the root. */
  eps: number;
  /** @default "plain" */
  gain?: Gain;
  /** @default true */
  hasBias?: boolean;
}

/**
 * Layer normalization: each token to zero mean and unit variance, then a learned gain and bias.
 *
 *     y = (x - mean(x)) / √(variance(x) + eps) · gain + bias
 *
 * @see Ba et al. 2016, https://arxiv.org/abs/1607.06450
 */
export class LayerNorm implements Norm {
  readonly #size: number;
  readonly #eps: number;
  readonly #gain: Gain;
  readonly #hasBias: boolean;

  constructor({ size, eps, gain = "plain", hasBias = true }: LayerNormOptions) {
    this.#size = size;
    this.#eps = eps;
    this.#gain = gain;
    this.#hasBias = hasBias;
  }

  parameters(): ParameterSpecs {
    const weight = gainSpecs(this.#gain, this.#size);
    return this.#hasBias ? { ...weight, bias: vectorSpec(this.#size, "zeros") } : weight;
  }

  describe(): PartDescription {
    return describePart(
      "LayerNorm",
      { size: this.#size, eps: this.#eps, gain: this.#gain, hasBias: this.#hasBias },
      "(x - mean) / √(variance + eps) · gain + bias",
    );
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const gain = gainValue(this.#gain, this.#size, lookup);
    return layerNorm(x, gain, this.#hasBias ? lookup("bias") : undefined, this.#eps);
  }
}
