import { ConfigError } from "orrery-lm/base";
import {
  attention,
  concat,
  maximum,
  minimum,
  reshape,
  scalar,
  transpose,
  type BlindRows,
  type ScoreBias,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import type { Norm } from "../norms/norm.ts";
import { nest, vectorSpec, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "../positions/position-encoding.ts";
import type { RelativeTerms } from "../positions/relative-terms.ts";
import type { SequenceContext } from "../sequence-context.ts";
import type { Attention } from "./attention.ts";

/** Options of {@link SelfAttention}. */
export interface SelfAttentionOptions {
  /** Channels, C. */
  hiddenSize: number;
  numHeads: number;
  /** Key/value heads: as many as heads (MHA), one (MQA), or a divisor between (GQA). */
  numKeyValueHeads: number;
  /** Channels per head, D. */
  headDim: number;
  /** Whether queries, keys and values have biases. */
  hasBias: boolean;
  /** Whether the output has one. @default hasBias */
  hasOutputBias?: boolean;
  positions: PositionEncoding;
  /** Terms by content and distance, with parameters of this layer. */
  relative?: RelativeTerms | undefined;
  isCausal: boolean;
  /** Tokens see only those less than `window` places away. */
  window?: number | undefined;
  /** The first tokens of a text, which are seen beside the window, as in StreamingLLM. @default 0 */
  sinkTokens?: number;
  /** Multiplies the scores. @default 1 / √headDim */
  scale?: number;
  /** Bounds the scores: `cap · tanh(scores / cap)`. */
  softCap?: number | undefined;
  /** Whether each head has a learned score for seeing nothing, as in gpt-oss. @default false */
  hasSinks?: boolean;
  /** What padding gives that has nothing to see, where it is not zeros; without a cache. @default "zeros" */
  blindRows?: BlindRows;
  /** Whether padding sees nothing, as in DeBERTa. @default false */
  blindsPadding?: boolean;
  /** Normalizes queries and keys. */
  queryKeyNorm?: QueryKeyNorm | undefined;
  /** Bounds queries, keys and values to [-clip, clip], behind a norm of the full width, as in MPT and OLMoE. */
  clip?: number | undefined;
  /** Standard deviation of the initial weights, and of the output projection's. */
  std: number;
  outputStd: number;
}

/** QK-norm: over each head or the full width, before positions turn the result or behind. */
export interface QueryKeyNorm {
  readonly query: Norm;
  readonly key: Norm;
  readonly over: "head" | "width";
  readonly place: "before" | "behind";
}

/**
 * Multi-head self-attention; grouped-query and multi-query attention are values of one option.
 * Query head `h` reads key/value head `⌊h · K / H⌋`.
 *
 * @see Vaswani et al. 2017, §3.2.2, https://arxiv.org/abs/1706.03762
 * @see Ainslie et al. 2023, https://arxiv.org/abs/2305.13245 (groups)
 */
export class SelfAttention implements Attention {
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
    const { hasOutputBias = hasBias, relative, hasSinks, queryKeyNorm } = this.#options;
    const project = (heads: number): ParameterSpecs =>
      linearSpecs({ inSize: hiddenSize, outSize: heads * headDim, hasBias, std });
    return {
      ...nest({
        query: project(numHeads),
        key: project(numKeyValueHeads),
        value: project(numKeyValueHeads),
        output: linearSpecs({
          inSize: numHeads * headDim,
          outSize: hiddenSize,
          hasBias: hasOutputBias,
          std: outputStd,
        }),
        ...(queryKeyNorm && {
          queryNorm: queryKeyNorm.query.parameters(),
          keyNorm: queryKeyNorm.key.parameters(),
        }),
        ...(relative && { relative: relative.parameters() }),
      }),
      ...(hasSinks && { sinks: vectorSpec(numHeads, "zeros") }),
    };
  }

  describe(): PartDescription {
    return describePart("self-attention", this.#options, "softmax(q·k · scale + bias) v");
  }

  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { numHeads, numKeyValueHeads, headDim, hasBias, hasOutputBias = hasBias } = this.#options;
    const { isCausal, window, softCap, hasSinks, scale = 1 / Math.sqrt(headDim) } = this.#options;
    const { relative, positions: encoding, sinkTokens, blindRows, blindsPadding } = this.#options;
    const [batch, tokens] = x.shape as [number, number, number];
    const { positions, cache, name } = context;
    const keyPositions = cache ? concat([cache.positions, positions], 1) : positions;
    const turned = (part: "query" | "key"): Value => {
      const y = this.#project(lookup, part, x);
      const turn = encoding.rotate?.(y, positions, keyPositions, part) ?? y;
      return this.#normalize(lookup, part, turn, "behind");
    };
    const keys = turned("key");
    const values = this.#project(lookup, "value", x);
    const past = cache?.exchange(name, keys, values, encoding.rotationAt?.bind(encoding));
    const groups = numHeads / numKeyValueHeads;
    const result = attention({
      queries: turned("query"),
      keys,
      values,
      scale,
      isCausal,
      window,
      sinkTokens,
      softCap,
      sinks: hasSinks ? reshape(lookup("sinks"), [1, numKeyValueHeads, groups, 1, 1]) : undefined,
      keyMask: context.attentionMask,
      queryMask: blindsPadding ? context.attentionMask : undefined,
      blindRows,
      sequenceIds: context.sequenceIds,
      prefixLengths: context.prefixLengths,
      bias: this.#bias(lookup, scale, context),
      valueTerm: relative?.read?.(within(lookup, "relative")),
      positions: { queries: positions, keys: positions },
      past,
      name,
    });
    const joined = reshape(transpose(result, [0, 3, 1, 2, 4]), [batch, tokens, numHeads * headDim]);
    return linear(within(lookup, "output"), joined, hasOutputBias);
  }

  /** Queries [B, K, G, T, D], or keys or values [B, K, 1, T, D], normalized but not turned. */
  #project(lookup: ParameterLookup, name: "query" | "key" | "value", x: Value): Value {
    const { numHeads, numKeyValueHeads, headDim, hasBias, queryKeyNorm, clip } = this.#options;
    const [batch, tokens] = x.shape as [number, number, number];
    const group = name === "query" ? numHeads / numKeyValueHeads : 1;
    let y = linear(within(lookup, name), x, hasBias);
    if (queryKeyNorm?.over === "width" && name !== "value") {
      y = queryKeyNorm[name].apply(within(lookup, `${name}Norm`), y);
    }
    if (clip !== undefined) y = minimum(maximum(y, scalar(-clip)), scalar(clip));
    const heads = reshape(y, [batch, tokens, numKeyValueHeads, group, headDim]);
    const split = transpose(heads, [0, 2, 3, 1, 4]);
    return name === "value" ? split : this.#normalize(lookup, name, split, "before");
  }

  #normalize(
    lookup: ParameterLookup,
    name: "query" | "key",
    y: Value,
    place: QueryKeyNorm["place"],
  ): Value {
    const { queryKeyNorm } = this.#options;
    if (queryKeyNorm?.over !== "head" || queryKeyNorm.place !== place) return y;
    return queryKeyNorm[name].apply(within(lookup, `${name}Norm`), y);
  }

  #bias(
    lookup: ParameterLookup,
    scale: number,
    { positionParameters, tokenTypeIds }: SequenceContext,
  ): ScoreBias | undefined {
    const { positions, relative } = this.#options;
    const network: ParameterLookup = (name) => {
      if (!positionParameters)
        throw new ConfigError(`SelfAttention: no parameter positions.${name}`);
      return positionParameters(name);
    };
    if (relative) {
      const scope = { scale, network, attention: lookup, tokenTypeIds };
      return relative.bias(within(lookup, "relative"), scope);
    }
    return positions.bias?.(network);
  }
}
