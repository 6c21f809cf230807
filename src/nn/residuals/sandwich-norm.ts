import { add } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Sandwich norm: one norm before each sublayer and one behind it, inside the residual, as in
 * CogView, Gemma 2 and GLM-4.
 *
 *     x + outputNorm(f(norm(x)))
 *
 * @see Ding et al. 2021, https://arxiv.org/abs/2105.13290
 */
export const sandwichNorm: ResidualTopology = {
  describe: () => describePart("sandwich norm", {}, "x + norm2(f(norm1(x)))"),
  join: (x, branches) =>
    branches.reduce(
      (stream, { norm, sublayer, outputNorm }) => add(stream, outputNorm(sublayer(norm(stream)))),
      x,
    ),
};
