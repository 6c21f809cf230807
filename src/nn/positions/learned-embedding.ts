import { add, gather, type Value } from "orrery-lm/tensor";
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link LearnedEmbedding}. */
export interface LearnedEmbeddingOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Rows of the table, P; positions are [0, P). */
  maxPositions: number;
  /** Standard deviation of the initial table. */
  std: number;
}

/**
 * Learned absolute positions: a table with a row per position, added to the token embeddings.
 * There is nothing past the table; a longer text is refused, not wrapped or clamped.
 *
 *     x[t] + weight[t]
 *
 * @see Gehring et al. 2017, https://arxiv.org/abs/1705.03122; used by GPT-2 and BERT
 */
export class LearnedEmbedding implements PositionEncoding {
  readonly maxPositions: number;
  readonly #hiddenSize: number;
  readonly #std: number;

  constructor({ hiddenSize, maxPositions, std }: LearnedEmbeddingOptions) {
    this.maxPositions = maxPositions;
    this.#hiddenSize = hiddenSize;
    this.#std = std;
  }

  parameters(): ParameterSpecs {
    return { weight: matrixSpec(this.maxPositions, this.#hiddenSize, this.#std) };
  }

  embed(lookup: ParameterLookup, x: Value, positions: Value): Value {
    return add(x, gather(lookup("weight"), positions));
  }
}
