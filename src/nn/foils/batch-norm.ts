/** Means and variances of channels over many tokens. */
export interface BatchStatistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * A foil: batch normalization, which layer normalization is often described as. What a row becomes
 * depends on the rows beside it, and in use on averages kept from training; LayerNorm and RMSNorm
 * look at one row only, do the same in training and in use, and keep no averages.
 *
 *     y = (x - mean) / √(variance + eps)      over rows, for each channel
 *
 * @param rows [N][C]
 * @param eps added to the variance
 * @param kept statistics of training, in use; without them, those of `rows`
 */
export function batchNormFoil(
  rows: readonly ArrayLike<number>[],
  eps: number,
  kept?: BatchStatistics,
): Float64Array[] {
  const { mean, variance } = kept ?? batchStatistics(rows);
  return rows.map((row) =>
    Float64Array.from(row, (x, c) => (x - mean[c]!) / Math.sqrt(variance[c]! + eps)),
  );
}

/** The mean and the population's variance of each channel. @param rows [N][C] */
export function batchStatistics(rows: readonly ArrayLike<number>[]): BatchStatistics {
  const average = (of: (x: number, c: number) => number): Float64Array =>
    Float64Array.from(
      { length: rows[0]?.length ?? 0 },
      (_, c) => rows.reduce((sum, row) => sum + of(row[c]!, c), 0) / rows.length,
    );
  const mean = average((x) => x);
  return { mean, variance: average((x, c) => (x - mean[c]!) ** 2) };
}

/**
 * The running averages after one more batch of `count` rows, as PyTorch keeps them: the new variance
 * counts as an estimate, divided by `count - 1`.
 */
export function movingStatistics(
  kept: BatchStatistics,
  batch: BatchStatistics,
  { count, momentum = 0.1 }: { count: number; momentum?: number },
): BatchStatistics {
  const move = (old: Float64Array, now: Float64Array, factor: number): Float64Array =>
    old.map((x, c) => (1 - momentum) * x + momentum * factor * now[c]!);
  return {
    mean: move(kept.mean, batch.mean, 1),
    variance: move(kept.variance, batch.variance, count / (count - 1)),
  };
}
