import type { RegexSource } from "./regex-source.ts";
import type { Greed } from "./syntax-tree.ts";

/** How often something is to match. */
export interface Quantifier {
  readonly min: number;
  readonly max: number;
  readonly greed: Greed;
}

const MAX_COUNT = 100_000;
const SHORT: ReadonlyMap<string, readonly [min: number, max: number]> = new Map([
  ["?", [0, 1]],
  ["*", [0, Infinity]],
  ["+", [1, Infinity]],
]);

/**
 * Reads a repetition, if one comes. In Oniguruma `{2}?` is an optional `{2}`, `{1,2}+` repeats
 * `{1,2}`, and `{2,1}` is a possessive `{1,2}`; the Rust crates read the first two as Perl does, and do
 * not know the last. What looks like an interval but is none stands for itself.
 */
export function parseQuantifier(source: RegexSource): Quantifier | undefined {
  const short = SHORT.get(source.peek());
  if (short !== undefined) {
    source.next();
    return { min: short[0], max: short[1], greed: parseGreed(source, true) };
  }
  const isOniguruma = source.dialect === "oniguruma";
  const start = source.position;
  const interval = source.takeMatch(/\{(\d+)(,?)(\d*)\}/y) ?? source.takeMatch(/\{()(,)(\d+)\}/y);
  if (interval === undefined) return undefined;
  const [, low = "", comma, high = ""] = interval;
  const min = Number(low);
  const max = comma === "" ? min : high === "" ? Infinity : Number(high);
  const largest = max === Infinity ? min : Math.max(min, max);
  if (largest > MAX_COUNT) source.limit(`a repetition of more than ${MAX_COUNT}`, start);
  if (min > max) {
    if (!isOniguruma) source.reject("an interval that ends before it starts", start);
    return { min: max, max: min, greed: "possessive" };
  }
  if (isOniguruma && comma === "") return { min, max, greed: "greedy" };
  return { min, max, greed: parseGreed(source, !isOniguruma) };
}

function parseGreed(source: RegexSource, hasPossessive: boolean): Greed {
  if (source.take("?")) return "lazy";
  return hasPossessive && source.take("+") ? "possessive" : "greedy";
}
