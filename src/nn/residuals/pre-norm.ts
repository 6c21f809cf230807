import { add } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Pre-norm: the stream itself is never normalized inside the stack.
 *
 *     x + f(norm(x))
 *
 * @see Xiong et al. 2020, https://arxiv.org/abs/2002.04745
 */
export const preNorm: ResidualTopology = {
  describe: () => describePart("pre-norm", {}, "x + f(norm(x))"),
  join: (x, branches) =>
    branches.reduce((stream, { norm, sublayer }) => add(stream, sublayer(norm(stream))), x),
};
