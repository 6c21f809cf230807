import type { Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { FFN, FFNOptions } from "./ffn.ts";
import { activationSpecs, applyActivation, type LearnedActivation } from "./learned-activation.ts";

/** Options of {@link MLP}. */
export interface MLPOptions extends Omit<FFNOptions, "activation"> {
  activation: FFNOptions["activation"] | LearnedActivation;
}

/**
 * The feed-forward network of the original transformer: two linear layers around an activation.
 *
 *     y = act(x Wupᵀ + bup) Wdownᵀ + bdown
 *
 * @see Vaswani et al. 2017, §3.3, https://arxiv.org/abs/1706.03762
 */
export class MLP implements FFN {
  readonly #options: MLPOptions;

  constructor(options: MLPOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, intermediateSize, hasBias, std, outputStd, activation } = this.#options;
    return nest({
      activation: activationSpecs(activation),
      up: linearSpecs({ inSize: hiddenSize, outSize: intermediateSize, hasBias, std }),
      down: linearSpecs({ inSize: intermediateSize, outSize: hiddenSize, hasBias, std: outputStd }),
    });
  }

  describe(): PartDescription {
    const { hiddenSize, intermediateSize, hasBias, activation } = this.#options;
    return describePart(
      "MLP",
      { hiddenSize, intermediateSize, activation, hasBias },
      "act(x Wup) Wdown",
    );
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const { activation, hasBias } = this.#options;
    const inner = applyActivation(activation, lookup, linear(within(lookup, "up"), x, hasBias));
    return linear(within(lookup, "down"), inner, hasBias);
  }
}
