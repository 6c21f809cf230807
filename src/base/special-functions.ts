/** Special functions in float64 that JavaScript lacks. */

// Both sums of erf are worked from the last term inward; on their sides of 2 the next one is below
// 1e-16 of the result.
const ERF_TERMS = 40;
const ERF_SWITCH = 2;

/**
 * Computes the error function, to an absolute error of 1e-15.
 *
 *     erf(x) = 2/√π · e^(-x²) · x · (1 + 2x²/3 · (1 + 2x²/5 · (1 + …)))          |x| < 2
 *     erf(x) = 1 - e^(-x²)/√π / (x + ½/(x + 1/(x + 3/2/(x + 2/(x + …)))))        x ≥ 2
 *
 * @see https://dlmf.nist.gov/7.6 and https://dlmf.nist.gov/7.9
 */
export function erf(x: number): number {
  if (x <= -ERF_SWITCH) return -erf(-x);
  const square = x * x;
  if (x >= ERF_SWITCH) {
    let fraction = x;
    for (let k = ERF_TERMS; k >= 1; k--) fraction = x + k / 2 / fraction;
    return 1 - Math.exp(-square) / Math.sqrt(Math.PI) / fraction;
  }
  let sum = 1;
  for (let k = ERF_TERMS; k >= 1; k--) sum = 1 + (sum * 2 * square) / (2 * k + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * x * sum;
}

// B(2k) / 2k for k = 1 … 6, of the asymptotic series of the digamma function.
const DIGAMMA_SERIES = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760];
// From here on the seventh term is below 1e-16.
const DIGAMMA_ASYMPTOTIC = 12;

/**
 * Computes the digamma function ψ, the derivative of log Γ, to about 1e-15 of the larger of 1 and
 * itself. It has no value at 0, -1, -2, …, where this gives NaN.
 *
 *     ψ(x) = ψ(x + 1) - 1/x      ψ(x) = ψ(1 - x) - π / tan(πx)
 *     ψ(x) ~ log x - 1/(2x) - Σ B(2k) / (2k x^(2k))
 *
 * @see https://dlmf.nist.gov/5.5 and https://dlmf.nist.gov/5.11
 */
export function digamma(x: number): number {
  if (x <= 0) {
    if (Number.isInteger(x)) return Number.NaN;
    // The tangent repeats with every whole number, and of a small angle it is more exact.
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  }
  let shifted = x;
  let correction = 0;
  while (shifted < DIGAMMA_ASYMPTOTIC) {
    correction += 1 / shifted;
    shifted += 1;
  }
  const inverseSquare = 1 / (shifted * shifted);
  const series = DIGAMMA_SERIES.reduceRight((sum, term) => (sum + term) * inverseSquare, 0);
  return Math.log(shifted) - 1 / (2 * shifted) - series - correction;
}
