import { ConfigError } from "orrery-lm/base";
import { concat, reshape, slice, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";
import { RotaryEmbedding, type RotaryEmbeddingOptions } from "./rotary-embedding.ts";

/** Options of {@link blockPositions}. */
export interface BlockPositionsOptions {
  /** Tokens, T. */
  length: number;
  /** Tokens that are given; those behind are written into the gap. */
  contextLength: number;
  /** Where the gap is: the place of its mask token. */
  maskPosition: number;
}

/**
 * GLM's two positions of each token, [2][T]: its place in the text, and its place in what is
 * written into the gap, from 1; tokens that are given have 0 there, and tokens that are written
 * all have the place of the gap.
 *
 * @see Du et al. 2021, §2.2, https://arxiv.org/abs/2103.10360
 */
export function blockPositions(options: BlockPositionsOptions): [Int32Array, Int32Array] {
  const { length, contextLength, maskPosition } = options;
  return [
    Int32Array.from({ length }, (_, t) => (t < contextLength ? t : maskPosition)),
    Int32Array.from({ length }, (_, t) => Math.max(0, t - contextLength + 1)),
  ];
}

/**
 * RoPE in two dimensions, as ChatGLM-6B has it: the first half of a head is turned by the place in
 * the text, the second by the place in the block. Each half has the frequencies of a head of its
 * own width. Positions are [B, 2, T] here, for which a cache of keys has no room.
 *
 * @see Du et al. 2021, §2.2, https://arxiv.org/abs/2103.10360 (positions)
 */
export class BlockRotaryEmbedding implements PositionEncoding {
  readonly #headDim: number;
  readonly #half: RotaryEmbedding;

  /** @throws {ConfigError} if halves of a head are not even. */
  constructor({
    headDim,
    theta = 10_000,
    layout = "half-split",
  }: Pick<RotaryEmbeddingOptions, "headDim" | "theta" | "layout">) {
    if (headDim % 4 !== 0) {
      throw new ConfigError(
        `BlockRotaryEmbedding: expected a headDim that 4 divides, got ${headDim}`,
      );
    }
    this.#headDim = headDim;
    this.#half = new RotaryEmbedding({ headDim: headDim / 2, theta, layout });
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    return describePart(
      "RoPE in two dimensions",
      { headDim: this.#headDim, half: this.#half },
      "halves of a head turned by place and by place in the block",
    );
  }

  /** @param positions [B, 2, T] int32 */
  rotate(x: Value, positions: Value): Value {
    const [rows, , tokens] = positions.shape as [number, number, number];
    const halves = [0, 1].map((i) => {
      const at = reshape(slice(positions, 1, i, i + 1), [rows, tokens]);
      const width = this.#headDim / 2;
      return this.#half.rotate(slice(x, -1, i * width, (i + 1) * width), at, at);
    });
    return concat(halves, -1);
  }
}
