/** How evenly experts are used. */

import { cast, divide, multiply, reduceSum, scalar, size, type Value } from "orrery-lm/tensor";
import type { Routing } from "./router.ts";

/**
 * The load-balancing loss of the Switch transformer, with k experts per token: the share of choices
 * that an expert got times the score it had on average, summed over experts. It is k for an even
 * load and grows with the crowd; only the scores have a gradient.
 *
 *     E · Σ share(e) · mean score(e),   Σ share = k
 *
 * @returns [] the mean over the tokens
 * @see Fedus et al. 2021, §2.2, https://arxiv.org/abs/2101.03961
 */
export function loadBalancingLoss({ chosen, scores }: Routing): Value {
  const [tokens, experts] = scores.shape as [number, number];
  const count = size(tokens);
  const share = divide(reduceSum(cast(chosen, "float32"), [0]), count);
  const score = divide(reduceSum(scores, [0]), count);
  return multiply(reduceSum(multiply(share, score), [0]), scalar(experts));
}

/**
 * {@link loadBalancingLoss} as a plain function.
 *
 * @param scores of each token, of each expert
 * @param chosen whether each token was read by each expert
 */
export function loadBalance(
  scores: readonly (readonly number[])[],
  chosen: readonly (readonly boolean[])[],
): number {
  const experts = scores[0]?.length ?? 0;
  let total = 0;
  for (let e = 0; e < experts; e++) {
    const share = chosen.filter((row) => row[e]).length / chosen.length;
    const score = scores.reduce((sum, row) => sum + row[e]!, 0) / scores.length;
    total += share * score;
  }
  return experts * total;
}
