import { add } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * The normalized input is what a sublayer reads and what its result is added to: BLOOM's
 * `apply_residual_connection_post_layernorm`.
 *
 *     norm(x) + f(norm(x))
 *
 * @see BigScience Workshop 2022, https://arxiv.org/abs/2211.05100
 */
export const normedStream: ResidualTopology = {
  describe: () => describePart("normed stream", {}, "norm(x) + f(norm(x))"),
  join: (x, branches) =>
    branches.reduce((stream, { norm, sublayer }) => {
      const h = norm(stream);
      return add(h, sublayer(h));
    }, x),
};
