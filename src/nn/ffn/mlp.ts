import type { Value } from "orrery-lm/tensor";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import { activate } from "./activation.ts";
import type { FFN, FFNOptions } from "./ffn.ts";

/**
 * The feed-forward network of the original transformer: two linear layers around an activation.
 *
 *     y = act(x Wupᵀ + bup) Wdownᵀ + bdown
 *
 * @see Vaswani et al. 2017, §3.3, https://arxiv.org/abs/1706.03762
 */
export class MLP implements FFN {
  readonly #options: FFNOptions;

  constructor(options: FFNOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, intermediateSize, hasBias, std, outputStd } = this.#options;
    return nest({
      up: linearSpecs({ inSize: hiddenSize, outSize: intermediateSize, hasBias, std }),
      down: linearSpecs({ inSize: intermediateSize, outSize: hiddenSize, hasBias, std: outputStd }),
    });
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const { activation, hasBias } = this.#options;
    const inner = activate(activation, linear(within(lookup, "up"), x, hasBias));
    return linear(within(lookup, "down"), inner, hasBias);
  }
}
