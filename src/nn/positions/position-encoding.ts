/** How a model learns the order of its tokens. */

import type { AttentionOptions, Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";

/** What a bias on attention scores is made of; see `attention` in orrery-lm/tensor. */
export type ScoreBias = Omit<
  NonNullable<AttentionOptions["bias"]>,
  "queryPositions" | "keyPositions"
>;

/**
 * A position encoding implements the hooks that it needs and leaves out the others; a block calls
 * whichever are there and never asks which part it holds. Positions are int32, [B, T] or [1, T].
 */
export interface PositionEncoding extends Part {
  /** Positions that exist, if they are limited: [0, maxPositions). */
  readonly maxPositions?: number;
  /** Adds to token embeddings. @param x [B, T, C]; @returns [B, T, C] */
  embed?(lookup: ParameterLookup, x: Value, positions: Value): Value;
  /** Turns queries or keys. @param x [B, K, G, T, D]; @returns [B, K, G, T, D] */
  rotate?(x: Value, positions: Value): Value;
  /** Adds to attention scores. */
  bias?(): ScoreBias;
}
