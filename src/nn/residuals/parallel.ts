import { add, type Value } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/**
 * Parallel sublayers, each behind its own norm, as in GPT-NeoX and Falcon 40B: none reads what
 * another wrote.
 *
 *     x + Σ f(norm(x))
 *
 * @see Black et al. 2022, §2.1, https://arxiv.org/abs/2204.06745
 */
export const parallelNorms: ResidualTopology = {
  describe: () =>
    describePart("parallel, two norms", {}, "x + attention(norm1(x)) + ffn(norm2(x))"),
  join: (x, branches) => branches.map(({ norm, sublayer }) => sublayer(norm(x))).reduce(add, x),
};

/**
 * Parallel sublayers behind one norm, that of the first, as in GPT-J, Phi, Cohere and Falcon 7B.
 *
 *     h = norm(x)
 *     x + Σ f(h)
 *
 * @see Wang & Komatsuzaki 2021, https://github.com/kingoflolz/mesh-transformer-jax
 */
export const parallelNorm: ResidualTopology = {
  describe: () => describePart("parallel, one norm", {}, "x + attention(norm(x)) + ffn(norm(x))"),
  join(x, branches) {
    const h: Value = branches[0]?.norm(x) ?? x;
    return branches.map(({ sublayer }) => sublayer(h)).reduce(add, x);
  },
};
