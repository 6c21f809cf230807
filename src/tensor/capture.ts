/** Capturing values by scoped name: composites around them are opened, so that they exist. */

import { ConfigError } from "orrery-lm/base";
import { topologicalOrder, type Value } from "./value.ts";

/** A program with its captured values, which belong to the same graph as its outputs. */
export interface Captured<Name extends string> {
  outputs: Record<Name, Value>;
  captured: Record<string, Value>;
}

/** `layers.*.attention.scores` as a regular expression; `*` stands for anything but a dot. */
function matcher(pattern: string): RegExp {
  const escaped = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", "[^.]*");
  return new RegExp(`^${escaped}$`);
}

/** The values between a composite's inputs and its result, by its definition; none for a primitive. */
function definitionOf({ operation, inputs, attributes }: Value): Value[] {
  if (!operation.define) return [];
  const leaves = new Set(inputs);
  const order = topologicalOrder([operation.define(inputs, attributes)], leaves);
  return order.filter((value) => !leaves.has(value));
}

/**
 * Finds the values whose scoped name matches a pattern. Composites that hide such a value are
 * replaced by their definition; everything else stays as it is.
 *
 * @param patterns scoped names, in which `*` matches within one level: `layers.*.attention.scores`
 * @throws {ConfigError} if a pattern matches nothing.
 */
export function captureValues<Name extends string>(
  outputs: Readonly<Record<Name, Value>>,
  patterns: readonly string[],
): Captured<Name> {
  const matchers = patterns.map(matcher);
  const matches = (name: string | undefined): boolean =>
    name !== undefined && matchers.some((pattern) => pattern.test(name));
  const rebuilt = new Map<Value, Value>();
  const captured: Record<string, Value> = {};
  const names = new Set<string>();

  const rebuild = (targets: readonly Value[]): void => {
    for (const value of topologicalOrder(targets)) {
      if (rebuilt.has(value)) continue;
      const inputs = value.inputs.map((input) => rebuilt.get(input)!);
      const opened = open({ ...value, inputs });
      const same = inputs.every((input, i) => input === value.inputs[i]);
      const result = opened ?? (same ? value : { ...value, inputs });
      rebuilt.set(value, result);
      rebuilt.set(result, result);
      if (value.name !== undefined) names.add(value.name);
      if (matches(value.name)) captured[value.name!] = result;
    }
  };
  /** Notes every name inside a composite, and tells whether one of them matches. */
  const hidesMatch = (value: Value): boolean => {
    const inner = definitionOf(value);
    for (const { name } of inner) if (name !== undefined) names.add(name);
    // All of them, without stopping at the first, so that every name is noted.
    return inner.map((one) => matches(one.name) || hidesMatch(one)).includes(true);
  };
  const open = (value: Value): Value | undefined => {
    if (!hidesMatch(value)) return undefined;
    const definition = value.operation.define!(value.inputs, value.attributes);
    rebuild([definition]);
    return rebuilt.get(definition)!;
  };

  const roots = Object.entries<Value>(outputs);
  rebuild(roots.map(([, value]) => value));
  patterns.forEach((pattern, i) => {
    if (![...names].some((name) => matchers[i]!.test(name))) {
      const known = [...names].sort().slice(0, 12).join(", ");
      throw new ConfigError(`capture: nothing is named ${pattern}; names are ${known || "none"}`);
    }
  });
  const entries = roots.map(([name, value]) => [name, rebuilt.get(value)!]);
  return { outputs: Object.fromEntries(entries) as Record<Name, Value>, captured };
}
