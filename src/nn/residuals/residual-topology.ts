import type { Value } from "orrery-lm/tensor";
import type { Described } from "../description.ts";

/** One sublayer of a block and the norms around it; a norm that the block does not have changes nothing. */
export interface Branch {
  /** The norm before the sublayer, or of the sum. */
  readonly norm: (x: Value) => Value;
  /** The norm of what the sublayer gives. */
  readonly outputNorm: (y: Value) => Value;
  /** Attention, or a feed-forward network. */
  readonly sublayer: (x: Value) => Value;
}

/** Joins the sublayers of a block to the residual stream: where norms and sums stand. */
export interface ResidualTopology extends Described {
  /**
   * @param x the stream, [B, T, C]
   * @param branches in order: attention, cross-attention if there is one, feed-forward
   * @returns the stream behind the block
   */
  join(x: Value, branches: readonly Branch[]): Value;
}
