import { add } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Post-norm, as in the original transformer and BERT: the sum is normalized.
 *
 *     norm(x + f(x))
 *
 * @see Vaswani et al. 2017, §3.1, https://arxiv.org/abs/1706.03762
 */
export const postNorm: ResidualTopology = {
  describe: () => describePart("post-norm", {}, "norm(x + f(x))"),
  join: (x, branches) =>
    branches.reduce((stream, { norm, sublayer }) => norm(add(stream, sublayer(stream))), x),
};
