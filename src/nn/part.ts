/**
 * Parts own no numbers: they declare parameters and build programs over them. A parameter's
 * declaration is all that counting, initializing, training and saving need.
 */

import type { Value } from "orrery-lm/tensor";
import type { Described } from "./description.ts";

/** How a parameter starts. */
export type Initializer =
  | { readonly type: "constant"; readonly value: number }
  | { readonly type: "normal"; readonly std: number }
  /** Normal numbers of this deviation, drawn again where they are further than `bound` from 0. */
  | { readonly type: "truncated-normal"; readonly std: number; readonly bound: number }
  /** Evenly from [-limit, limit). */
  | { readonly type: "uniform"; readonly limit: number }
  | { readonly type: "ones" }
  | { readonly type: "zeros" };

/** What a part says about one of its parameters. */
export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** Whether weight decay applies; by custom to matrices, not to gains and biases. */
  readonly decay: boolean;
}

/** Declarations by local name, such as `query.weight`. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** Gives the value of a parameter by its local name. */
export type ParameterLookup = (name: string) => Value;

/** Anything that has parameters. */
export interface Part extends Described {
  parameters(): ParameterSpecs;
}

/** Declarations of several parts, each under its prefix. */
export function nest(parts: Readonly<Record<string, ParameterSpecs>>): ParameterSpecs {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([prefix, specs]) =>
      Object.entries(specs).map(([name, spec]) => [`${prefix}.${name}`, spec]),
    ),
  );
}

/** The lookup that a part under `prefix` sees. */
export function within(lookup: ParameterLookup, prefix: string): ParameterLookup {
  return (name) => lookup(`${prefix}.${name}`);
}

/** A gain or bias: not decayed. */
export function vectorSpec(size: number, type: "ones" | "zeros"): ParameterSpec {
  return { shape: [size], init: { type }, decay: false };
}

/** A matrix [out, in] with normal entries: decayed. */
export function matrixSpec(outSize: number, inSize: number, std: number): ParameterSpec {
  return { shape: [outSize, inSize], init: { type: "normal", std }, decay: true };
}
