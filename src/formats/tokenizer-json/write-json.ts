/** JSON text as serde_json writes it: what differs from JSON.stringify. */

/** A number as it stands in the text: serde writes floating-point numbers unlike JavaScript. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A 64-bit floating-point number: `1.0`, `1e-7`, `1e+16`. */
export function float64(value: number): WrittenNumber {
  return new WrittenNumber(withPoint(value));
}

/** A 32-bit floating-point number, with no more digits than it needs as such. */
export function float32(value: number): WrittenNumber {
  const wanted = Math.fround(value);
  let digits = 1;
  while (Math.fround(Number(wanted.toPrecision(digits))) !== wanted) digits++;
  return new WrittenNumber(withPoint(Number(wanted.toPrecision(digits))));
}

/** A size, of up to 64 bits: the readers keep one as the nearest double, which can be 2^64. */
export function size(value: number): WrittenNumber {
  const largest = 2n ** 64n - 1n;
  const exact = BigInt(value);
  return new WrittenNumber(String(exact > largest ? largest : exact));
}

function withPoint(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-5 || magnitude >= 1e16)) return value.toExponential();
  const text = String(value);
  return text.includes(".") || text.includes("e") ? text : `${text}.0`;
}

/**
 * Like JSON.stringify with two spaces per level, but a Map becomes an object in its own order: an
 * object of JavaScript would move the tokens "0", "1", … to the front.
 * @param line a line break and the indentation of the line that the value starts on
 */
export function writeJson(value: unknown, line: string): string {
  if (value instanceof WrittenNumber) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${line}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => writeJson(item, inner)).join(`,${inner}`)}${line}]`;
  }
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0) return "{}";
  const members = entries.map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, inner)}`);
  return `{${inner}${members.join(`,${inner}`)}${line}}`;
}
