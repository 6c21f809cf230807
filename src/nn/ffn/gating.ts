/** Ways to join gate and value that are more than an activation of the gate. */

import { add, minimum, multiply, scalar, swish, type Value } from "orrery-lm/tensor";
import { clamp } from "./activation.ts";

/** Joins the gate's projection and the other, element by element. */
export type Gating = (gate: Value, up: Value) => Value;

/**
 * gpt-oss's clamped SwiGLU. The gate is bounded from above only, and one is added to the other half,
 * so that an expert with `up` near 0 lets its gate through.
 *
 *     g = min(gate, limit)
 *     u = clamp(up, -limit, limit)
 *     (u + 1) · g · sigmoid(1.702 g)
 *
 * @see OpenAI 2025, "gpt-oss-120b & gpt-oss-20b Model Card", https://arxiv.org/abs/2508.10925
 */
export function clampedSwiglu(limit: number): Gating {
  return (gate, up) => {
    const bounded = minimum(gate, scalar(limit));
    return multiply(add(clamp(up, -limit, limit), scalar(1)), swish(bounded, 1.702));
  };
}
