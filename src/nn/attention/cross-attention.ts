import { ConfigError } from "orrery-lm/base";
import { attention, reshape, transpose, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { MemoryKeys, SequenceContext } from "../sequence-context.ts";
import type { Attention } from "./attention.ts";

/** Options of {@link CrossAttention}. */
export interface CrossAttentionOptions {
  /** Channels of the tokens that read and of the states that are read, C. */
  hiddenSize: number;
  numHeads: number;
  /** Channels per head, D. */
  headDim: number;
  /** Whether the projections have biases. */
  hasBias: boolean;
  /** Multiplies the scores. @default 1 / √headDim */
  scale?: number;
  /** Standard deviation of the initial weights, and of the output projection's. */
  std: number;
  outputStd: number;
}

/**
 * Attention of a decoder to the states of an encoder: queries come from the tokens that are
 * written, keys and values from the text that was read. Every state may be seen, there is no
 * causal mask and no position encoding. Keys and values depend on the states alone; a cache that
 * remembers them computes them once for a text.
 *
 * @see Vaswani et al. 2017, §3.2.3, https://arxiv.org/abs/1706.03762
 */
export class CrossAttention implements Attention {
  readonly #options: CrossAttentionOptions;

  constructor(options: CrossAttentionOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, headDim, hasBias, std, outputStd } = this.#options;
    const width = numHeads * headDim;
    const inwards = linearSpecs({ inSize: hiddenSize, outSize: width, hasBias, std });
    return nest({
      query: inwards,
      key: inwards,
      value: inwards,
      output: linearSpecs({ inSize: width, outSize: hiddenSize, hasBias, std: outputStd }),
    });
  }

  describe(): PartDescription {
    return describePart(
      "cross-attention",
      this.#options,
      "softmax(q·k · scale) v over the states of the encoder",
    );
  }

  /** @throws {ConfigError} if there are no states to read. */
  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { numHeads, headDim, hasBias, scale = 1 / Math.sqrt(headDim) } = this.#options;
    const { memory, cache, name } = context;
    const compute = (): MemoryKeys => {
      if (!memory?.states)
        throw new ConfigError(`${name}: there are no states of an encoder to read`);
      return {
        keys: this.#project(lookup, "key", memory.states),
        values: this.#project(lookup, "value", memory.states),
      };
    };
    const { keys, values } = cache?.remember?.(name, compute) ?? compute();
    const result = attention({
      queries: this.#project(lookup, "query", x),
      keys,
      values,
      scale,
      isCausal: false,
      keyMask: memory?.mask,
      name,
    });
    const [batch, tokens] = x.shape as [number, number, number];
    const joined = reshape(transpose(result, [0, 3, 1, 2, 4]), [batch, tokens, numHeads * headDim]);
    return linear(within(lookup, "output"), joined, hasBias);
  }

  /** [B, T, C] as [B, H, 1, T, D]. */
  #project(lookup: ParameterLookup, name: "query" | "key" | "value", x: Value): Value {
    const { numHeads, headDim, hasBias } = this.#options;
    const [batch, tokens] = x.shape as [number, number, number];
    const y = linear(within(lookup, name), x, hasBias);
    return transpose(reshape(y, [batch, tokens, numHeads, 1, headDim]), [0, 2, 3, 1, 4]);
  }
}
