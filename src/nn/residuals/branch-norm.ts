import { add } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Branch norm: only what a sublayer gives is normalized, before it joins the stream, as in OLMo 2.
 * It is no post-norm: the stream itself stays as it is.
 *
 *     x + outputNorm(f(x))
 *
 * @see OLMo et al. 2025, §3.2, https://arxiv.org/abs/2501.00656
 */
export const branchNorm: ResidualTopology = {
  describe: () => describePart("branch norm", {}, "x + norm(f(x))"),
  join: (x, branches) =>
    branches.reduce(
      (stream, { sublayer, outputNorm }) => add(stream, outputNorm(sublayer(stream))),
      x,
    ),
};
