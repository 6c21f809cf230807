/** AdamW as a program. */

import {
  add,
  divide,
  maximum,
  minimum,
  multiply,
  scalar,
  sqrt,
  subtract,
  reduceSum,
  type Value,
} from "orrery-lm/tensor";

/** Constants of AdamW. */
export interface AdamWOptions {
  /** Decay of the mean of gradients, β₁. */
  beta1: number;
  /** Decay of the mean of their squares, β₂. */
  beta2: number;
  /** Added to the root of the mean square. */
  eps: number;
  /** Part of a decayed parameter that is lost per step, times the learning rate. */
  weightDecay: number;
}

/** Numbers that change with the step, [] each. */
export interface AdamWScalars {
  learningRate: Value;
  /** 1 / (1 - β₁^step) */
  correction1: Value;
  /** 1 / (1 - β₂^step) */
  correction2: Value;
}

/** The three arrays that belong to a parameter. */
export interface AdamWState {
  parameter: Value;
  /** Mean of gradients. */
  mean: Value;
  /** Mean of squared gradients. */
  square: Value;
}

/**
 * One step of Adam with decoupled weight decay; the order of operations is PyTorch's.
 *
 *     p ← p · (1 - lr · decay)
 *     m ← m + (1 - β₁)(g - m)        v ← v + (1 - β₂)(g² - v)
 *     p ← p - lr · m̂ / (√v̂ + eps)   with m̂ = m/(1 - β₁^t), v̂ = v/(1 - β₂^t)
 *
 * @param decays whether weight decay applies to this parameter
 * @see Loshchilov & Hutter 2017, algorithm 2, https://arxiv.org/abs/1711.05101
 */
export function adamW(
  { parameter, mean, square }: AdamWState,
  gradient: Value,
  decays: boolean,
  { beta1, beta2, eps, weightDecay, ...scalars }: AdamWOptions & AdamWScalars,
): AdamWState {
  const nextMean = add(multiply(mean, scalar(beta1)), multiply(gradient, scalar(1 - beta1)));
  const squared = multiply(multiply(gradient, gradient), scalar(1 - beta2));
  const nextSquare = add(multiply(square, scalar(beta2)), squared);
  // lr·m̂/(√v̂ + eps) with the scalars moved into the denominator, which spares passes over arrays.
  // A schedule may end at a learning rate of 0, which must not divide.
  const rate = maximum(multiply(scalars.learningRate, scalars.correction1), scalar(1e-30));
  const root = multiply(sqrt(nextSquare), divide(sqrt(scalars.correction2), rate));
  const update = divide(nextMean, add(root, divide(scalar(eps), rate)));
  const kept =
    decays && weightDecay > 0
      ? multiply(
          parameter,
          subtract(scalar(1), multiply(scalars.learningRate, scalar(weightDecay))),
        )
      : parameter;
  return { parameter: subtract(kept, update), mean: nextMean, square: nextSquare };
}

/**
 * The norm of all gradients together, and a factor that brings it down to `limit` if it is larger.
 *
 *     factor = min(1, limit / (norm + 1e-6))
 *
 * @see Pascanu et al. 2013, https://arxiv.org/abs/1211.5063
 */
export function clipByGlobalNorm(
  gradients: readonly Value[],
  limit: number,
): { norm: Value; factor: Value } {
  const squares = gradients.map((gradient) =>
    reduceSum(multiply(gradient, gradient), [...gradient.shape.keys()]),
  );
  const norm = sqrt(squares.reduce(add));
  return { norm, factor: minimum(scalar(1), divide(scalar(limit), add(norm, scalar(1e-6)))) };
}
