import { rotaryAngles, rotateComplex } from "./rotary-formulas.ts";

/** Options of {@link linearAttentionWithRope}. */
export interface LinearAttentionOptions {
  /** [T][D], D even. */
  queries: readonly ArrayLike<number>[];
  /** [T][D] */
  keys: readonly ArrayLike<number>[];
  /** [T][Dv] */
  values: readonly ArrayLike<number>[];
  /** @default 10000 */
  theta?: number;
  /** Whether a token reads only those up to itself. */
  isCausal: boolean;
}

/**
 * RoPE in linear attention, in float64 and time proportional to T. Turned products may be
 * negative, so only the numerator is turned: the sum below stays positive, and what multiplies the
 * values are no probabilities.
 *
 *     y(m) = Σ (R(m) φ(q(m)))·(R(n) φ(k(n))) v(n) / Σ φ(q(m))·φ(k(n))        φ(x) = elu(x) + 1
 *
 * @returns [T][Dv]
 * @see Su et al. 2021, §3.3, https://arxiv.org/abs/2104.09864
 */
export function linearAttentionWithRope(options: LinearAttentionOptions): Float64Array[] {
  const { queries, keys, values, theta = 10_000, isCausal } = options;
  const [dim, width] = [queries[0]?.length ?? 0, values[0]?.length ?? 0];
  const memory = Array.from({ length: dim }, () => new Float64Array(width)); // Σ R(n) φ(k(n)) v(n)ᵀ
  const total = new Float64Array(dim); // Σ φ(k(n))
  const turn = (x: ArrayLike<number>, position: number): Float64Array =>
    rotateComplex(x, rotaryAngles(dim, theta, position));
  const remember = (key: ArrayLike<number>, n: number): void => {
    const features = linearFeatures(key);
    const turned = turn(features, n);
    turned.forEach((_, d) => {
      total[d]! += features[d]!;
      for (let c = 0; c < width; c++) memory[d]![c]! += turned[d]! * values[n]![c]!;
    });
  };
  if (!isCausal) keys.forEach(remember);
  return queries.map((query, m) => {
    if (isCausal) remember(keys[m]!, m);
    const features = linearFeatures(query);
    const turned = turn(features, m);
    const sum = features.reduce((s, x, d) => s + x * total[d]!, 0);
    return Float64Array.from(
      { length: width },
      (_, c) => memory.reduce((s, row, d) => s + turned[d]! * row[c]!, 0) / sum,
    );
  });
}

/**
 * What linear attention makes of queries and keys, so that their products are positive.
 *
 *     φ(x) = elu(x) + 1: x + 1 from 0 on, eˣ below
 *
 * @see Katharopoulos et al. 2020, §3.2.1, https://arxiv.org/abs/2006.16236
 */
function linearFeatures(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (v) => (v < 0 ? Math.exp(v) : v + 1));
}
