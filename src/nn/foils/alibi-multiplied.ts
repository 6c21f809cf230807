/**
 * A foil: ALiBi as it is often misread, with the matrix multiplied with attention weights instead
 * of added to scores. The diagonal becomes zero, everything else negative, and rows no longer sum
 * to one. It is here to be compared with the real one; no model uses it.
 *
 *     weights(i, j) · bias(i, j)
 *
 * @param weights of a head, [Tq][Tk]
 * @param bias of the head, as of `alibiBias`
 */
export function alibiMultipliedFoil(
  weights: readonly ArrayLike<number>[],
  bias: readonly ArrayLike<number>[],
): Float64Array[] {
  return weights.map((row, i) =>
    Float64Array.from({ length: row.length }, (_, j) => row[j]! * bias[i]![j]!),
  );
}
