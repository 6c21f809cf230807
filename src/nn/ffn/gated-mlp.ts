import { multiply, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { FFN, FFNOptions } from "./ffn.ts";
import type { Gating } from "./gating.ts";
import { activationSpecs, applyActivation, type LearnedActivation } from "./learned-activation.ts";

/** Options of {@link GatedMLP}. */
export interface GatedMLPOptions extends Omit<FFNOptions, "activation"> {
  /** How gate and value are joined: by an activation of the gate, or in a way of its own. */
  activation: FFNOptions["activation"] | LearnedActivation | Gating;
}

/**
 * The gated feed-forward network: three matrices, not two. GLU with `sigmoid`, bilinear with
 * `linear`, ReGLU with `relu`, GEGLU with a GELU, SwiGLU with `silu`.
 *
 *     y = (act(x Wgateᵀ) · x Wupᵀ) Wdownᵀ
 *
 * Files that keep both halves in one matrix differ in which half is the gate: the first in Hugging
 * Face's, the second in Megatron's and in PyTorch's `glu`; gpt-oss has them row by row in turn.
 *
 * @see Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export class GatedMLP implements FFN {
  readonly #options: GatedMLPOptions;

  constructor(options: GatedMLPOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, intermediateSize, hasBias, std, outputStd, activation } = this.#options;
    const inwards = linearSpecs({ inSize: hiddenSize, outSize: intermediateSize, hasBias, std });
    return nest({
      activation: typeof activation === "function" ? {} : activationSpecs(activation),
      gate: inwards,
      up: inwards,
      down: linearSpecs({ inSize: intermediateSize, outSize: hiddenSize, hasBias, std: outputStd }),
    });
  }

  describe(): PartDescription {
    const { hiddenSize, intermediateSize, hasBias, activation } = this.#options;
    const act = typeof activation === "function" ? "a gating of its own" : activation;
    return describePart(
      "gated MLP",
      { hiddenSize, intermediateSize, activation: act, hasBias },
      "(act(x Wgate) · x Wup) Wdown",
    );
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const { activation, hasBias } = this.#options;
    const gate = linear(within(lookup, "gate"), x, hasBias);
    const up = linear(within(lookup, "up"), x, hasBias);
    const inner =
      typeof activation === "function"
        ? activation(gate, up)
        : multiply(applyActivation(activation, lookup, gate), up);
    return linear(within(lookup, "down"), inner, hasBias);
  }
}
