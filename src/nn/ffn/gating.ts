/** How a gated network joins its gate and its value. */

import { add, minimum, multiply, scalar, swish, type Value } from "orrery-lm/tensor";
import { activate, clamp, type Activation } from "./activation.ts";

/** Joins the gate's projection and the other, element by element. */
export type Gating = (gate: Value, up: Value) => Value;

/** `act(gate) · up`: which of the two is activated is the file's choice, here it is the gate. */
export function gatedBy(activation: Activation): Gating {
  return (gate, up) => multiply(activate(activation, gate), up);
}

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
