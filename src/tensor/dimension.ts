/**
 * Dimensions: a number, or a polynomial in named symbols with integer coefficients, written as a
 * canonical string: `batch`, `batch*tokens`, `past+tokens`, `tokens-1`. Equal dimensions are equal
 * strings, so `===` compares them.
 */

import { ConfigError, ShapeError } from "orrery-lm/base";

/** Elements along one axis: a number, or a symbol such as `tokens` that is bound later. */
export type Dimension = number | string;

/** The dimensions of a value, outermost first. */
export type Shape = readonly Dimension[];

/** What each symbol stands for, in elements. */
export type Bindings = Readonly<Record<string, number>>;

type Polynomial = Map<string, number>; // sorted product of symbols ("" for 1) → coefficient

function parse(dimension: Dimension): Polynomial {
  if (typeof dimension === "number") return new Map([["", dimension]]);
  const terms: Polynomial = new Map();
  for (const [, sign, body] of dimension.matchAll(/([+-]?)([^+-]+)/g)) {
    let coefficient = sign === "-" ? -1 : 1;
    const symbols: string[] = [];
    for (const factor of body!.split("*")) {
      if (/^\d+$/.test(factor)) coefficient *= Number(factor);
      else symbols.push(factor);
    }
    const key = symbols.sort().join("*");
    terms.set(key, (terms.get(key) ?? 0) + coefficient);
  }
  return terms;
}

function print(terms: Polynomial): Dimension {
  const kept = [...terms].filter(([, c]) => c !== 0);
  if (kept.length === 0) return 0;
  if (kept.length === 1 && kept[0]![0] === "") return kept[0]![1];
  // Symbols first, in order, the plain number last; positive terms lead so that no string starts with "-".
  kept.sort(
    ([a, ca], [b, cb]) =>
      Number(cb > 0) - Number(ca > 0) || (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1),
  );
  return kept
    .map(([key, c], i) => {
      const sign = c < 0 ? "-" : i > 0 ? "+" : "";
      const size = Math.abs(c);
      return sign + (key === "" ? size : size === 1 ? key : `${size}*${key}`);
    })
    .join("");
}

/**
 * The one spelling of a dimension: `tokens*batch` becomes `batch*tokens`.
 *
 * @throws {ConfigError} if a symbol is not a name.
 */
export function canonicalDimension(dimension: Dimension): Dimension {
  const wrong = symbolsOf(dimension).find((symbol) => !/^[A-Za-z_]\w*$/.test(symbol));
  if (wrong !== undefined || dimension === "") {
    throw new ConfigError(
      `dimension "${dimension}": expected names and numbers joined by + - *, got "${wrong ?? ""}"`,
    );
  }
  return addDimensions(dimension, 0);
}

/** The sum of two dimensions. */
export function addDimensions(a: Dimension, b: Dimension): Dimension {
  if (typeof a === "number" && typeof b === "number") return a + b;
  const sum = parse(a);
  for (const [key, c] of parse(b)) sum.set(key, (sum.get(key) ?? 0) + c);
  return print(sum);
}

/** The difference `a - b`. */
export function subtractDimensions(a: Dimension, b: Dimension): Dimension {
  return addDimensions(a, multiplyDimensions(b, -1));
}

/** The product of two dimensions. */
export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  if (typeof a === "number" && typeof b === "number") return a * b + 0; // never -0
  const product: Polynomial = new Map();
  for (const [ka, ca] of parse(a)) {
    for (const [kb, cb] of parse(b)) {
      const key = [...ka.split("*"), ...kb.split("*")].filter(Boolean).sort().join("*");
      product.set(key, (product.get(key) ?? 0) + ca * cb);
    }
  }
  return print(product);
}

/** How many elements a shape holds. */
export function sizeOf(shape: Shape): Dimension {
  return shape.reduce(multiplyDimensions, 1);
}

/** The symbols in a dimension, sorted. */
function symbolsOf(dimension: Dimension): string[] {
  if (typeof dimension === "number") return [];
  return [...new Set([...parse(dimension).keys()].flatMap((key) => key.split("*")))]
    .filter(Boolean)
    .sort();
}

/** The terms of a dimension: coefficient times a product of symbols. */
export function termsOf(dimension: Dimension): { coefficient: number; symbols: string[] }[] {
  return [...parse(dimension)].map(([key, coefficient]) => ({
    coefficient,
    symbols: key.split("*").filter(Boolean),
  }));
}

/**
 * Replaces the symbols that `bindings` names by their numbers; others stay.
 *
 * @throws {ConfigError} if the result is a negative number of elements.
 */
export function bindDimension(dimension: Dimension, bindings: Bindings): Dimension {
  if (typeof dimension === "number") return dimension;
  const bound: Polynomial = new Map();
  for (const { coefficient, symbols } of termsOf(dimension)) {
    const free = symbols.filter((symbol) => bindings[symbol] === undefined);
    const factor = symbols.reduce(
      (product, symbol) => product * (bindings[symbol] ?? 1),
      coefficient,
    );
    const key = free.join("*");
    bound.set(key, (bound.get(key) ?? 0) + factor);
  }
  const result = print(bound);
  if (typeof result === "number" && result < 0) {
    throw new ConfigError(`dimension ${dimension}: expected at least 0 elements, got ${result}`);
  }
  return result;
}

/**
 * The number that a dimension stands for.
 *
 * @throws {ConfigError} if a symbol has no binding.
 */
export function resolveDimension(dimension: Dimension, bindings: Bindings): number {
  const size = bindDimension(dimension, bindings);
  if (typeof size === "number") return size;
  throw new ConfigError(
    `dimension ${dimension}: no number is known for ${symbolsOf(size).join(", ")}; bind it or give an input whose shape has it`,
  );
}

/**
 * Symbols that a dimension's size gives away: those that stand alone in a term, once, as `past` in
 * `past+tokens`. The symbol is the size less `rest`.
 */
export function soleSymbols(dimension: Dimension): { symbol: string; rest: Dimension }[] {
  const terms = termsOf(dimension);
  return terms
    .filter(({ coefficient, symbols }) => coefficient === 1 && symbols.length === 1)
    .map(({ symbols: [symbol] }) => ({
      symbol: symbol!,
      rest: subtractDimensions(dimension, symbol!),
    }))
    .filter(({ symbol, rest }) => !symbolsOf(rest).includes(symbol));
}

/** Whether a dimension is 0 or more whatever its symbols stand for, as far as its signs tell. */
export function isNonNegative(dimension: Dimension): boolean {
  return termsOf(dimension).every(({ coefficient }) => coefficient >= 0);
}

/** Whether two shapes are the same, symbols included. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/**
 * The shape of an elementwise result under NumPy's rule: aligned at the last axis, equal or 1.
 *
 * @throws {ShapeError} if two axes differ and neither is 1.
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new ShapeError(`${where}: shapes that broadcast`, a, b);
  });
}
