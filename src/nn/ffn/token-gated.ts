import { multiply, sigmoid, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { FFN } from "./ffn.ts";

/** Options of {@link TokenGated}. */
export interface TokenGatedOptions {
  /** Channels, C. */
  hiddenSize: number;
  ffn: FFN;
  /** Standard deviation of the gate's initial weights. */
  std: number;
}

/**
 * A feed-forward network that counts more for some tokens than for others, as the shared expert of
 * Qwen1.5-MoE does.
 *
 *     y = sigmoid(x · w) · ffn(x)
 *
 * @see Qwen Team 2024, "Qwen1.5-MoE", https://qwenlm.github.io/blog/qwen-moe/
 */
export class TokenGated implements FFN {
  readonly #options: TokenGatedOptions;

  constructor(options: TokenGatedOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, ffn, std } = this.#options;
    const gate = linearSpecs({ inSize: hiddenSize, outSize: 1, hasBias: false, std });
    return nest({ gate, ffn: ffn.parameters() });
  }

  describe(): PartDescription {
    return describePart("gated by token", this.#options, "sigmoid(x w) · ffn(x)");
  }

  apply(lookup: ParameterLookup, x: Value, name: string): Value {
    const gate = sigmoid(linear(within(lookup, "gate"), x, false));
    return multiply(gate, this.#options.ffn.apply(within(lookup, "ffn"), x, `${name}.ffn`));
  }
}
