/** Runs a program in plain float64, slowly and readably: the oracle that other runtimes must meet. */

import { ConfigError, ShapeError } from "orrery-lm/base";
import { bindDimension, resolveDimension, soleSymbols, type Bindings } from "./dimension.ts";
import type { NDArray } from "./ndarray.ts";
import type { InputAttributes } from "./ops/input.ts";
import type { ParameterAttributes } from "./ops/parameter.ts";
import { topologicalOrder, type Value } from "./value.ts";

/** Arrays for inputs and parameters, by name. */
export type Feeds = Readonly<Record<string, { data: ArrayLike<number>; shape: readonly number[] }>>;

/**
 * The values of `outputs` for the given inputs and parameters.
 *
 * @throws {ConfigError} if an input is missing.
 * @throws {ShapeError} if one has another shape, or two disagree about a symbol.
 */
export function interpret<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  feeds: Feeds,
): Record<Name, NDArray> {
  const results = new Map<Value, NDArray>();
  const values = Object.values<Value>(outputs);
  const fed = topologicalOrder(values).filter(isFed);
  let bindings = bindSymbols(fed, feeds);
  for (const value of fed) results.set(value, readFeed(value, feeds, bindings));
  const evaluateAll = (targets: readonly Value[]): void => {
    for (const value of topologicalOrder(targets)) {
      if (!results.has(value)) results.set(value, evaluate(value));
    }
  };
  const evaluate = (value: Value): NDArray => {
    const { operation, inputs, attributes } = value;
    if (operation.evaluate) {
      const arrays = inputs.map((input) => results.get(input)!);
      if (operation.measure) bindings = { ...bindings, ...operation.measure(arrays, attributes) };
      const shape = value.shape.map((dimension) => resolveDimension(dimension, bindings));
      return operation.evaluate(arrays, attributes, shape, bindings);
    }
    if (!operation.define)
      throw new ConfigError(`interpret: ${operation.name} has no meaning of its own`);
    const definition = operation.define(inputs, attributes);
    evaluateAll([definition]);
    return results.get(definition)!;
  };
  evaluateAll(values);
  const named = Object.entries<Value>(outputs).map(([name, value]) => [name, results.get(value)!]);
  return Object.fromEntries(named) as Record<Name, NDArray>;
}

function isFed(value: Value): boolean {
  return value.operation.name === "input" || value.operation.name === "parameter";
}

/** What the symbols stand for, from the shapes of the arrays: plain dimensions first, then sums. */
function bindSymbols(fed: readonly Value[], feeds: Feeds): Bindings {
  const bindings = new Map<string, number>();
  for (const isPlain of [true, false]) {
    for (const { shape, attributes } of fed) {
      const sizes = feeds[nameOf(attributes)]?.shape ?? [];
      shape.forEach((dimension, axis) => {
        for (const { symbol, rest } of soleSymbols(dimension)) {
          const known = bindDimension(rest, Object.fromEntries(bindings));
          const isReady = isPlain ? rest === 0 : typeof known === "number";
          if (isReady && !bindings.has(symbol))
            bindings.set(symbol, (sizes[axis] ?? 0) - Number(known));
        }
      });
    }
  }
  return Object.fromEntries(bindings);
}

function nameOf(attributes: unknown): string {
  return (attributes as InputAttributes | ParameterAttributes).name;
}

/** Checks an array against the value that it is for. */
function readFeed(value: Value, feeds: Feeds, bindings: Bindings): NDArray {
  const name = nameOf(value.attributes);
  const kind = value.operation.name;
  const feed = feeds[name];
  if (!feed) throw new ConfigError(`interpret: no array was given for ${kind} ${name}`);
  const fits =
    feed.shape.length === value.shape.length &&
    value.shape.every((dimension, i) => bindDimension(dimension, bindings) === feed.shape[i]);
  const length = feed.shape.reduce((product, size) => product * size, 1);
  if (fits && feed.data.length !== length)
    throw new ShapeError(`interpret: numbers for ${kind} ${name}`, [length], [feed.data.length]);
  if (!fits) throw new ShapeError(`interpret: ${kind} ${name}`, value.shape, feed.shape);
  return { data: Float64Array.from(feed.data), shape: feed.shape };
}
