/** Shared shapes of operations, so that each one's file says only what is its own. */

import { ShapeError } from "orrery-lm/base";
import { broadcastShapes } from "../dimension.ts";
import { mapArrays } from "../ndarray.ts";
import type { Dtype, Operation, Value } from "../value.ts";
import { expectDtype } from "./checks.ts";
import { sumTo } from "./expand.ts";

/** Attributes of an operation that has none. */
export type NoAttributes = Record<string, never>;

/** What makes an elementwise operation of one operand. */
export interface UnarySpec {
  name: string;
  /** The ONNX operator. */
  onnx: string;
  evaluate: (x: number) => number;
  /** The gradient of the operand, from the operand `x`, the result `y` and the upstream `dy`. */
  gradient: (x: Value, y: Value, dy: Value) => Value;
}

/** An elementwise float operation of one operand. */
export function defineUnary({
  name,
  onnx,
  evaluate,
  gradient,
}: UnarySpec): Operation<NoAttributes> {
  return {
    name,
    infer: ([x]) => expectDtype(name, x!, "float32"),
    evaluate: (inputs, _, shape) => mapArrays(shape, inputs, (x) => evaluate(x!)),
    gradient: (node, dy) => [gradient(node.inputs[0]!, node, dy)],
    lower: ({ inputs: [x] }, lowering) => lowering.emit(onnx, [lowering.of(x!)]),
  };
}

/** What makes an elementwise operation of two operands, which broadcast. */
export interface BinarySpec {
  name: string;
  onnx: string;
  evaluate: (a: number, b: number) => number;
  /** Gradients of both operands, before they are summed back to the operands' shapes. */
  gradient?: (a: Value, b: Value, node: Value, dy: Value) => readonly [() => Value, () => Value];
  /** Element types of the operands. @default numbers */
  takes?: readonly Dtype[];
  /** The result's element type; the operands' by default. */
  result?: "bool";
}

/** An elementwise operation of two operands. */
export function defineBinary(spec: BinarySpec): Operation<NoAttributes> {
  const { name, onnx, evaluate, gradient, takes = ["float32", "int32"], result } = spec;
  return {
    name,
    infer([a, b]) {
      if (a!.dtype !== b!.dtype) {
        throw new ShapeError(`${name}: operands of one element type`, [a!.dtype], [b!.dtype]);
      }
      if (!takes.includes(a!.dtype))
        throw new ShapeError(`${name}: element type`, [takes.join(" or ")], [a!.dtype]);
      return { shape: broadcastShapes(name, a!.shape, b!.shape), dtype: result ?? a!.dtype };
    },
    evaluate: (inputs, _, shape) => mapArrays(shape, inputs, (a, b) => evaluate(a!, b!)),
    ...(gradient && {
      gradient(node: Value, dy: Value) {
        const [a, b] = node.inputs;
        if (a!.dtype !== "float32") return [undefined, undefined];
        const [da, db] = gradient(a!, b!, node, dy);
        return [sumTo(da(), a!.shape), sumTo(db(), b!.shape)];
      },
    }),
    lower: ({ inputs: [a, b] }, lowering) =>
      lowering.emit(onnx, [lowering.of(a!), lowering.of(b!)]),
  };
}
