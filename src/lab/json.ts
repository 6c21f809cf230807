import { ConfigError } from "orrery-lm/base";

/** Any value that JSON keeps as it is. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The first place where two values differ. */
export interface Difference {
  /** Such as `training.steps` or `arms[2]`. */
  readonly path: string;
  /** JSON of the value, or "nothing" where one side has no such key. */
  readonly left: string;
  /** JSON of the value, or "nothing" where one side has no such key. */
  readonly right: string;
}

/**
 * The value as plain JSON data, a deep copy.
 *
 * Refuses what `JSON.stringify` would change in silence: NaN and ±∞ (null there), functions, class
 * instances, typed arrays. A key whose value is undefined is left out.
 *
 * @throws {ConfigError} if the value is not JSON; the message names the place.
 */
export function toJson(value: unknown, path: string): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return Object.is(value, -0) ? 0 : value;
  if (Array.isArray(value)) return value.map((item, i) => toJson(item, `${path}[${i}]`));
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item, `${path}.${key}`)]));
  }
  throw new ConfigError(`${path}: expected a value that JSON can hold, got ${describe(value)}`);
}

/** The first difference between two JSON values, or undefined; the order of keys does not count. */
export function firstDifference(
  left: Json | undefined,
  right: Json | undefined,
  path: string,
): Difference | undefined {
  if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
    const separator = Array.isArray(left)
      ? (key: string) => `[${key}]`
      : (key: string) => `.${key}`;
    const a = new Map<string, Json>(Object.entries(left));
    const b = new Map<string, Json>(Object.entries(right));
    for (const key of new Set([...a.keys(), ...b.keys()])) {
      const inner = firstDifference(a.get(key), b.get(key), path + separator(key));
      if (inner) return inner;
    }
    return undefined;
  }
  return left === right ? undefined : { path, left: show(left), right: show(right) };
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isContainer(value: Json | undefined): value is readonly Json[] | { [key: string]: Json } {
  return typeof value === "object" && value !== null;
}

function show(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return `a ${value.constructor.name}`;
  return typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
}
