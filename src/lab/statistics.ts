import { ConfigError } from "orrery-lm/base";

/** What several seeds say about one number. */
export interface Summary {
  /** How many values there were. */
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation; null for a single value, which has no spread. */
  readonly standardDeviation: number | null;
  /** Lower end of the confidence interval of the mean; null for a single value. */
  readonly low: number | null;
  /** Upper end of the confidence interval of the mean; null for a single value. */
  readonly high: number | null;
}

/**
 * Arithmetic mean.
 *
 *     mean = Σ x / n
 *
 * @throws {ConfigError} if there are no values.
 */
export function mean(values: readonly number[]): number {
  requireValues("mean", values, 1);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Sample standard deviation, the one that estimates the spread of the population.
 *
 *     s = √( Σ (x - mean)² / (n - 1) )
 *
 * Divides by `n - 1`, not by `n`.
 *
 * @throws {ConfigError} if there are fewer than two values.
 */
export function sampleStandardDeviation(values: readonly number[]): number {
  requireValues("sampleStandardDeviation", values, 2);
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Median: the middle value, or the mean of the two middle values.
 *
 * @throws {ConfigError} if there are no values.
 */
export function median(values: readonly number[]): number {
  requireValues("median", values, 1);
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Probability that a Student-t variable lies within `±t`.
 *
 *     θ = atan(t / √ν)
 *     ν odd:  A = 2/π · (θ + sin θ · (cos θ + 2/3 · cos³ θ + … ))
 *     ν even: A = sin θ · (1 + 1/2 · cos² θ + 1·3/(2·4) · cos⁴ θ + … )
 *
 * A finite sum, exact for whole degrees of freedom; others are refused.
 *
 * @throws {ConfigError} if `degreesOfFreedom` is not a whole number of at least 1.
 * @see Abramowitz & Stegun 1964, 26.7.3 and 26.7.4
 */
export function studentTWithin(t: number, degreesOfFreedom: number): number {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new ConfigError(
      `studentTWithin: degreesOfFreedom must be a whole number of at least 1, got ${degreesOfFreedom}`,
    );
  }
  return within(Math.atan(t / Math.sqrt(degreesOfFreedom)), degreesOfFreedom);
}

/**
 * The two-sided critical value of Student's t: `confidence` of the distribution lies within ±t.
 *
 * Two-sided: for the 97.5 % point of the usual tables, ask for a confidence of 0.95.
 *
 * @param confidence in (0, 1)
 * @throws {ConfigError} if `confidence` is outside (0, 1) or the degrees of freedom are not whole.
 */
export function studentTQuantile(confidence: number, degreesOfFreedom: number): number {
  if (!(confidence > 0 && confidence < 1)) {
    throw new ConfigError(
      `studentTQuantile: confidence must lie between 0 and 1, got ${confidence}`,
    );
  }
  studentTWithin(0, degreesOfFreedom); // Checks the degrees of freedom.
  // Bisection over the angle: it is bounded, where t is not.
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, degreesOfFreedom) < confidence) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(degreesOfFreedom);
}

/**
 * Mean of the values with its Student-t confidence interval.
 *
 *     mean ± t(confidence, n - 1) · s / √n
 *
 * One value has a mean and no interval: null, never zero.
 *
 * @param confidence in (0, 1)
 * @throws {ConfigError} if there are no values.
 * @example
 * summarize([1, 2, 3]); // { count: 3, mean: 2, standardDeviation: 1, low: -0.484…, high: 4.484… }
 */
export function summarize(values: readonly number[], confidence: number = 0.95): Summary {
  const count = values.length;
  const center = mean(values);
  if (count === 1) return { count, mean: center, standardDeviation: null, low: null, high: null };
  const standardDeviation = sampleStandardDeviation(values);
  const half = (studentTQuantile(confidence, count - 1) * standardDeviation) / Math.sqrt(count);
  return { count, mean: center, standardDeviation, low: center - half, high: center + half };
}

/**
 * Summary of `a[i] - b[i]`, where both arms ran with the same seed `i`. What the seed does to both
 * cancels, so that the interval is narrower than that of two separate means.
 *
 * @throws {ConfigError} if the arms have different numbers of values, or none.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  confidence: number = 0.95,
): Summary {
  if (a.length !== b.length) {
    throw new ConfigError(
      `pairedDifference: expected as many values in both arms, got ${a.length} and ${b.length}; ` +
        "pair them by seed first",
    );
  }
  return summarize(
    a.map((value, i) => value - b[i]!),
    confidence,
  );
}

function within(angle: number, degreesOfFreedom: number): number {
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

function requireValues(where: string, values: readonly number[], least: number): void {
  if (values.length < least) {
    throw new ConfigError(`${where}: expected at least ${least} values, got ${values.length}`);
  }
}
