/**
 * Logarithm, sine and cosine made of additions, multiplications and divisions only. IEEE 754 fixes
 * those to the last bit, while each JavaScript engine rounds `Math.log` and `Math.sin` its own way.
 * Random numbers are made with these, so that every runtime draws the same bits.
 */

const POWERS_OF_TWO = powersOfTwo();
// 1/3, 1/5, … for the series of the logarithm.
const ODD_RECIPROCALS = Float64Array.from({ length: 11 }, (_, i) => 1 / (2 * i + 3));
// 1/(1·2), 1/(3·4), … and 1/(2·3), 1/(4·5), … for those of the cosine and the sine, eight of each.
const COS_RATIOS = Float64Array.from({ length: 8 }, (_, i) => 1 / ((2 * i + 1) * (2 * i + 2)));
const SIN_RATIOS = Float64Array.from({ length: 8 }, (_, i) => 1 / ((2 * i + 2) * (2 * i + 3)));

/**
 * Computes log(n / 2^53) for an integer 1 ≤ n ≤ 2^53, to about 2e-16 of the larger of 1 and itself.
 *
 *     n = m · 2^e, √½ < m ≤ √2      log m = 2 (s + s³/3 + s⁵/5 + …), s = (m - 1)/(m + 1)
 */
export function logOfFraction(n: number): number {
  const high = Math.floor(n / 2 ** 32);
  let exponent = high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(n);
  let mantissa = n / POWERS_OF_TWO[exponent]!;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 0;
  for (let i = ODD_RECIPROCALS.length - 1; i >= 0; i--) sum = (sum + ODD_RECIPROCALS[i]!) * square;
  return (exponent - 53) * Math.LN2 + 2 * s * (1 + sum);
}

/** Computes the cosine and sine of a part of a full turn, 0 ≤ turn < 1. */
export function cosSinOfTurn(turn: number): readonly [number, number] {
  // The nearest quarter turn and the rest, which is exact and at most an eighth.
  const quarter = Math.floor(4 * turn + 0.5);
  const x = 2 * Math.PI * (turn - quarter / 4);
  const square = x * x;
  // Taylor series, from the last term inward: the next ones are below 2^-57 at π/4.
  let cos = 1;
  let sin = 1;
  for (let k = 7; k >= 0; k--) {
    cos = 1 - cos * square * COS_RATIOS[k]!;
    sin = 1 - sin * square * SIN_RATIOS[k]!;
  }
  sin *= x;
  switch (quarter & 3) {
    case 0:
      return [cos, sin];
    case 1:
      return [-sin, cos];
    case 2:
      return [-cos, -sin];
    default:
      return [sin, -cos];
  }
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(54).fill(1);
  for (let i = 1; i < powers.length; i++) powers[i] = 2 * powers[i - 1]!;
  return powers;
}
