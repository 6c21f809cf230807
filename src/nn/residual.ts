/** Residual topologies: where a norm stands beside the sum of a block's input and its output. */

import { add, type Value } from "orrery-lm/tensor";

/** Joins a sublayer and its norm to the residual stream. */
export type ResidualTopology = (
  x: Value,
  norm: (y: Value) => Value,
  sublayer: (y: Value) => Value,
) => Value;

/**
 * Pre-norm: the stream itself is never normalized inside the stack.
 *
 *     x + f(norm(x))
 *
 * @see Xiong et al. 2020, https://arxiv.org/abs/2002.04745
 */
export const preNorm: ResidualTopology = (x, norm, sublayer) => add(x, sublayer(norm(x)));
