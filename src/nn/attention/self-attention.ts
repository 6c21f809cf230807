import { ConfigError } from "orrery-lm/base";
import { attention, reshape, transpose, type Value } from "orrery-lm/tensor";
import { linear, linearSpecs } from "../linear.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs, type Part } from "../part.ts";
import type { PositionEncoding } from "../positions/position-encoding.ts";
import type { SequenceContext } from "../sequence-context.ts";

/** Options of {@link SelfAttention}. */
export interface SelfAttentionOptions {
  /** Channels, C. */
  hiddenSize: number;
  numHeads: number;
  /** Key/value heads: as many as heads (MHA), one (MQA), or a divisor between (GQA). */
  numKeyValueHeads: number;
  /** Channels per head, D. */
  headDim: number;
  hasBias: boolean;
  positions: PositionEncoding;
  isCausal: boolean;
  /** Standard deviation of the initial weights, and of the output projection's. */
  std: number;
  outputStd: number;
}

/**
 * Multi-head self-attention; grouped-query and multi-query attention are values of one option.
 * Query head `h` reads key/value head `⌊h · K / H⌋`.
 *
 * @see Vaswani et al. 2017, §3.2.2, https://arxiv.org/abs/1706.03762
 * @see Ainslie et al. 2023, https://arxiv.org/abs/2305.13245 (groups)
 */
export class SelfAttention implements Part {
  readonly #options: SelfAttentionOptions;

  /** @throws {ConfigError} if the heads do not divide into groups. */
  constructor(options: SelfAttentionOptions) {
    const { numHeads, numKeyValueHeads } = options;
    if (numHeads % numKeyValueHeads !== 0) {
      throw new ConfigError(
        `SelfAttention: numHeads ${numHeads} is not divisible by numKeyValueHeads ${numKeyValueHeads}`,
      );
    }
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, numKeyValueHeads, headDim, hasBias, std, outputStd } =
      this.#options;
    const project = (heads: number): ParameterSpecs =>
      linearSpecs({ inSize: hiddenSize, outSize: heads * headDim, hasBias, std });
    return nest({
      query: project(numHeads),
      key: project(numKeyValueHeads),
      value: project(numKeyValueHeads),
      output: linearSpecs({
        inSize: numHeads * headDim,
        outSize: hiddenSize,
        hasBias,
        std: outputStd,
      }),
    });
  }

  /** @param x [B, T, C]; @returns [B, T, C] */
  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { numHeads, numKeyValueHeads, headDim, hasBias, positions, isCausal } = this.#options;
    const [batch, tokens] = x.shape as [number, number, number];
    const groups = numHeads / numKeyValueHeads;
    const split = (name: string, group: number): Value => {
      const y = linear(within(lookup, name), x, hasBias);
      const heads = reshape(y, [batch, tokens, numKeyValueHeads, group, headDim]);
      return transpose(heads, [0, 2, 3, 1, 4]); // [B, K, G, T, D]
    };
    const turn = (y: Value): Value => positions.rotate?.(y, context.positions) ?? y;
    const bias = positions.bias?.();
    const result = attention({
      queries: turn(split("query", groups)),
      keys: turn(split("key", 1)),
      values: split("value", 1),
      scale: 1 / Math.sqrt(headDim),
      isCausal,
      keyMask: context.attentionMask,
      bias: bias && { ...bias, queryPositions: context.positions, keyPositions: context.positions },
      name: `${context.name}.attention`,
    });
    const joined = reshape(transpose(result, [0, 3, 1, 2, 4]), [batch, tokens, numHeads * headDim]);
    return linear(within(lookup, "output"), joined, hasBias);
  }
}
