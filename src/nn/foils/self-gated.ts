import type { ActivationCurve } from "../ffn/activation-curves.ts";

/**
 * A foil: a gated unit as it is often written down, with one matrix, which gates its own input. The
 * gate must then be as wide as the input, and there is no matrix back, so it is no feed-forward
 * network. With the logistic function it passes for GLU (and, copied, for SwiGLU), with a GELU for
 * GEGLU; it equals them only where the other matrices are the identity.
 *
 *     x ⊗ act(Wx)      in the place of      (act(xWᵀ) ⊗ xVᵀ) W₂ᵀ
 *
 * @param weights W, [C][C]
 */
export function selfGatedFoil(
  x: ArrayLike<number>,
  weights: readonly ArrayLike<number>[],
  activation: ActivationCurve,
): Float64Array {
  return Float64Array.from(weights, (row, i) => {
    const sum = Array.from(row).reduce((total, weight, j) => total + weight * x[j]!, 0);
    return x[i]! * activation.value(sum);
  });
}
