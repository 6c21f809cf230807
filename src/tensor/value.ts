/**
 * Values: the nodes of a tensor program. A value knows the operation that makes it and the values
 * that it is made from; a program is the set of values that its outputs reach. Values are immutable.
 */

import { ShapeError } from "orrery-lm/base";
import { canonicalDimension, type Bindings, type Dimension, type Shape } from "./dimension.ts";
import type { Lowering } from "./onnx/lowering.ts";
import type { NDArray } from "./ndarray.ts";

/** Element types: numbers are float32 at run time (float64 in the interpreter), ids int32. */
export type Dtype = "float32" | "int32" | "bool";

/** Shape and element type. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** One result in a tensor program. */
export interface Value extends ValueType {
  readonly operation: Operation<unknown>;
  readonly inputs: readonly Value[];
  readonly attributes: unknown;
  /** Scoped name, such as `layers.3.attention.scores`, for `capture`. */
  readonly name?: string | undefined;
}

/**
 * What an operation is: its shape rule, gradient rule, meaning and lowering, all in one object.
 * A primitive has `evaluate` and `lower`; a composite has `define` instead, and may add a faster
 * `lower` (for onnxruntime's own operators) and a `gradient` of its own.
 */
export interface Operation<A> {
  readonly name: string;
  /** Shape and element type of the result. Throws ShapeError on inputs that do not fit. */
  infer(inputs: readonly Value[], attributes: A): ValueType;
  /** The float64 meaning, for the interpreter. `shape` is the result's, all numbers. */
  evaluate?(
    inputs: readonly NDArray[],
    attributes: A,
    shape: readonly number[],
    bindings: Bindings,
  ): NDArray;
  /** For an operation whose result has as many rows as its inputs' numbers say: what its symbols stand for. */
  measure?(inputs: readonly NDArray[], attributes: A): Bindings;
  /** The same result in simpler operations. */
  define?(inputs: readonly Value[], attributes: A): Value;
  /** Gradients of the inputs given that of the result; undefined where there is none. */
  gradient?(node: Node<A>, upstream: Value): readonly (Value | undefined)[];
  /** Writes ONNX nodes and gives the result's name; undefined: use `define`. */
  lower?(node: Node<A>, lowering: Lowering): string | undefined;
}

/** A value seen by its own operation, with its attributes typed. */
export type Node<A> = Value & { readonly attributes: A };

/**
 * Makes a value: the result of `operation` on `inputs`.
 *
 * @throws {ShapeError} if they do not fit, or a size is not a whole number from 0 on.
 */
export function makeValue<A>(
  operation: Operation<A>,
  inputs: readonly Value[],
  attributes: A,
): Value {
  const { shape: inferred, dtype } = operation.infer(inputs, attributes);
  const shape = inferred.map((dimension) => {
    if (typeof dimension === "string") return canonicalDimension(dimension);
    if (Number.isInteger(dimension) && dimension >= 0) return dimension;
    throw new ShapeError(
      `${operation.name}: sizes`,
      inferred.map(() => "0 or more"),
      inferred,
    );
  });
  return { operation: operation as Operation<unknown>, inputs, attributes, shape, dtype };
}

/** The same value under a scoped name, by which `capture` finds it. */
export function named(value: Value, name: string): Value {
  return { ...value, name };
}

/** The value's size along `axis`; negative axes count from the end. */
export function axisSize(value: ValueType, axis: number): Dimension {
  return value.shape[axis < 0 ? axis + value.shape.length : axis]!;
}

/**
 * Every value that `outputs` reach, inputs before users. Iterative: programs can be deep.
 *
 * @param leaves values behind which not to look
 */
export function topologicalOrder(
  outputs: readonly Value[],
  leaves: ReadonlySet<Value> = new Set(),
): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack: { value: Value; next: number }[] = [];
  for (const output of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    stack.push({ value: output, next: 0 });
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = leaves.has(top.value) ? undefined : top.value.inputs[top.next++];
      if (input === undefined) {
        order.push(top.value);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ value: input, next: 0 });
      }
    }
  }
  return order;
}
