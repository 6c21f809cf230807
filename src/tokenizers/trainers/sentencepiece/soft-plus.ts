/**
 * log(1 + eˣ) from a table, to about 10⁻¹⁶, twice as fast as by `Math.exp` and `Math.log`: training a
 * Unigram model calls it a hundred million times.
 */

// A Taylor polynomial around the nearest multiple of 1 / NODES_PER_UNIT.
const NODES_PER_UNIT = 32;
const LOWEST = -50;
const DEGREE = 6;
const COEFFICIENTS: Float64Array = /* @__PURE__ */ softPlusCoefficients();

/** Computes log(1 + eˣ) for -50 ≤ x ≤ 0. */
export function softPlus(x: number): number {
  const node = Math.floor(x * NODES_PER_UNIT + 0.5);
  const r = x - node / NODES_PER_UNIT;
  const at = (node - LOWEST * NODES_PER_UNIT) * (DEGREE + 1);
  const c = COEFFICIENTS;
  return (
    c[at]! +
    r *
      (c[at + 1]! +
        r * (c[at + 2]! + r * (c[at + 3]! + r * (c[at + 4]! + r * (c[at + 5]! + r * c[at + 6]!)))))
  );
}

/**
 * The first derivative of log(1 + eˣ) is s = 1 / (1 + e⁻ˣ), and all others are polynomials in s:
 * the derivative of p(s) is p'(s) · (s - s²).
 */
function softPlusCoefficients(): Float64Array {
  const nodes = 1 - LOWEST * NODES_PER_UNIT;
  const coefficients = new Float64Array(nodes * (DEGREE + 1));
  for (let node = 0; node < nodes; node++) {
    const x = LOWEST + node / NODES_PER_UNIT;
    const s = 1 / (1 + Math.exp(-x));
    let polynomial = [0, 1]; // by power of s
    let factorial = 1;
    coefficients[node * (DEGREE + 1)] = Math.log1p(Math.exp(x));
    for (let order = 1; order <= DEGREE; order++) {
      factorial *= order;
      const value = polynomial.reduceRight((sum, factor) => sum * s + factor, 0);
      coefficients[node * (DEGREE + 1) + order] = value / factorial;
      const next = Array.from({ length: polynomial.length + 1 }, () => 0);
      for (const [power, factor] of polynomial.entries()) {
        next[power]! += power * factor;
        next[power + 1]! -= power * factor;
      }
      polynomial = next;
    }
  }
  return coefficients;
}
