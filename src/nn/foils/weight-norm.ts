/**
 * A foil: weight normalization normalizes a matrix and not what flows through it, so it sees no
 * change of the data, and keeps none of a signal's size.
 *
 *     w = g · v / ‖v‖      for each row
 *
 * @param weights v, [out][in]
 * @param gains g, [out]
 * @see Salimans & Kingma 2016, https://arxiv.org/abs/1602.07868
 */
export function weightNormFoil(
  weights: readonly ArrayLike<number>[],
  gains: ArrayLike<number>,
): Float64Array[] {
  return weights.map((row, i) => {
    const v = Float64Array.from(row);
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    return v.map((x) => (gains[i]! * x) / length);
  });
}
