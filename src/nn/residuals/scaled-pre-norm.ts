import { add, multiply, scalar } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Pre-norm whose sublayers are scaled by one number before they join the stream.
 *
 *     x + scale · f(norm(x))
 *
 * @see Yang et al. 2023, "Tensor Programs VI", https://arxiv.org/abs/2310.02244 (depth-µP); Granite
 */
export function scaledPreNorm(scale: number): ResidualTopology {
  return {
    describe: () => describePart("pre-norm, scaled", { scale }, "x + scale · f(norm(x))"),
    join: (x, branches) =>
      branches.reduce(
        (stream, { norm, sublayer }) =>
          add(stream, multiply(sublayer(norm(stream)), scalar(scale))),
        x,
      ),
  };
}
