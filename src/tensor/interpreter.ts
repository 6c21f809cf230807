/** Runs a program in plain float64, slowly and readably: the oracle that other runtimes must meet. */

import { ConfigError, ShapeError } from "orrery-lm/base";
import { bindDimension, resolveDimension } from "./dimension.ts";
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
  const symbols = new Map<string, number>();
  const values = Object.values<Value>(outputs);
  for (const value of topologicalOrder(values)) {
    if (isFed(value)) results.set(value, readFeed(value, feeds, symbols));
  }
  const bindings = Object.fromEntries(symbols);
  const evaluateAll = (targets: readonly Value[]): void => {
    for (const value of topologicalOrder(targets)) {
      if (!results.has(value)) results.set(value, evaluate(value));
    }
  };
  const evaluate = (value: Value): NDArray => {
    const { operation, inputs, attributes } = value;
    if (operation.evaluate) {
      const shape = value.shape.map((dimension) => resolveDimension(dimension, bindings));
      return operation.evaluate(
        inputs.map((input) => results.get(input)!),
        attributes,
        shape,
        bindings,
      );
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

/** Checks an array against the value that it is for. Adds the symbols that it binds to `bindings`. */
function readFeed(value: Value, feeds: Feeds, bindings: Map<string, number>): NDArray {
  const { name } = value.attributes as InputAttributes | ParameterAttributes;
  const kind = value.operation.name;
  const feed = feeds[name];
  if (!feed) throw new ConfigError(`interpret: no array was given for ${kind} ${name}`);
  const fits =
    feed.shape.length === value.shape.length &&
    value.shape.every((dimension, i) => {
      const bound = bindDimension(dimension, Object.fromEntries(bindings));
      if (typeof bound !== "string") return bound === feed.shape[i];
      if (/^\w+$/.test(bound)) bindings.set(bound, feed.shape[i]!);
      return bindDimension(bound, Object.fromEntries(bindings)) === feed.shape[i];
    });
  if (!fits) throw new ShapeError(`interpret: ${kind} ${name}`, value.shape, feed.shape);
  return { data: Float64Array.from(feed.data), shape: feed.shape };
}
