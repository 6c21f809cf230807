/** How a model learns the order of its tokens. */

import type { ScoreBias, Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";

/** What is turned. */
export type RotatedSide = "query" | "key";

/**
 * A position encoding implements the hooks that it needs and leaves out the others; a block calls
 * whichever are there and never asks which part it holds. Positions are int32, [B, T] or [1, T].
 * Its parameters belong to the network, once for all layers.
 */
export interface PositionEncoding extends Part {
  /** Positions that exist, if they are limited: [0, maxPositions). */
  readonly maxPositions?: number | undefined;
  /**
   * Tells apart how texts of different lengths are turned, if `rotate` reads `keyPositions`: equal
   * numbers, equal turns. A cache of turned keys is of use as long as the number stays.
   */
  rotationAt?(length: number): number;
  /** Adds to token embeddings. @param x [B, T, C]; @returns [B, T, C] */
  embed?(lookup: ParameterLookup, x: Value, positions: Value): Value;
  /**
   * Turns queries or keys.
   *
   * @param x [B, K, G, T, D]
   * @param positions of x
   * @param keyPositions of all keys, for an encoding that depends on how long the text is
   * @param side which of the two x is, for an encoding that treats them differently
   * @returns [B, K, G, T, D]
   */
  rotate?(x: Value, positions: Value, keyPositions: Value, side: RotatedSide): Value;
  /** Adds to attention scores. */
  bias?(lookup: ParameterLookup): ScoreBias;
}
