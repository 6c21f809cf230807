import type { Value } from "orrery-lm/tensor";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { FFN, FFNOptions } from "./ffn.ts";
import { gatedBy, type Gating } from "./gating.ts";

/** Options of {@link GatedMLP}. */
export interface GatedMLPOptions extends Omit<FFNOptions, "activation"> {
  /** How gate and value are joined: by an activation of the gate, or in a way of its own. */
  activation: FFNOptions["activation"] | Gating;
}

/**
 * The gated feed-forward network: three matrices, not two. SwiGLU with `silu`, GEGLU with a GELU,
 * ReGLU with `relu`.
 *
 *     y = (act(x Wgateᵀ) · x Wupᵀ) Wdownᵀ
 *
 * @see Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export class GatedMLP implements FFN {
  readonly #options: GatedMLPOptions;

  constructor(options: GatedMLPOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, intermediateSize, hasBias, std, outputStd } = this.#options;
    const inwards = linearSpecs({ inSize: hiddenSize, outSize: intermediateSize, hasBias, std });
    return nest({
      gate: inwards,
      up: inwards,
      down: linearSpecs({ inSize: intermediateSize, outSize: hiddenSize, hasBias, std: outputStd }),
    });
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const { activation, hasBias } = this.#options;
    const join = typeof activation === "string" ? gatedBy(activation) : activation;
    const gate = linear(within(lookup, "gate"), x, hasBias);
    const inner = join(gate, linear(within(lookup, "up"), x, hasBias));
    return linear(within(lookup, "down"), inner, hasBias);
  }
}
