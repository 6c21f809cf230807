/** Expanding and summing: each is the other's gradient. */

import { ShapeError } from "orrery-lm/base";
import { broadcastShapes, sameShape, sizeOf, type Shape } from "../dimension.ts";
import { broadcastStrides, forEachElement, mapArrays, stridesOf, zerosArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { frontAxis } from "./checks.ts";
import { reshape } from "./reshape.ts";

const expandOperation: Operation<{ shape: Shape }> = {
  name: "expand",
  infer([x], { shape }) {
    if (!sameShape(broadcastShapes("expand", x!.shape, shape), shape)) {
      throw new ShapeError("expand", shape, x!.shape);
    }
    return { shape, dtype: x!.dtype };
  },
  evaluate: (inputs, _, shape) => mapArrays(shape, inputs, (x) => x!),
  gradient: ({ inputs: [x] }, dy) => [sumTo(dy, x!.shape)],
  lower: ({ inputs: [x], attributes: { shape } }, lowering) =>
    lowering.emit("Expand", [lowering.of(x!), lowering.dimensions(shape)]),
};

interface ReduceAttributes {
  axes: readonly number[];
  keepAxes: boolean;
}

const reduceSumOperation: Operation<ReduceAttributes> = {
  name: "reduceSum",
  infer([x], attributes) {
    if (x!.dtype === "bool")
      throw new ShapeError("reduceSum: element type", ["float32 or int32"], ["bool"]);
    return { shape: reducedShape(x!.shape, attributes), dtype: x!.dtype };
  },
  evaluate([x], { axes }, shape) {
    const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const result = zerosArray(shape);
    const strides = [stridesOf(x!.shape), broadcastStrides(kept, x!.shape)];
    forEachElement(x!.shape, strides, (_, [from, to]) => {
      result.data[to!]! += x!.data[from!]!;
    });
    return result;
  },
  gradient: ({ inputs: [x], attributes: { axes } }, dy) => {
    const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    return [expand(reshape(dy, kept), x!.shape)];
  },
  lower: ({ inputs: [x], attributes: { axes, keepAxes } }, lowering) =>
    lowering.emit("ReduceSum", [lowering.of(x!), lowering.int64s(axes)], {
      attributes: { keepdims: Number(keepAxes) },
    }),
};

/** The shape without the reduced axes, or with 1 in their place. */
export function reducedShape(shape: Shape, { axes, keepAxes }: ReduceAttributes): Shape {
  return shape.flatMap((size, i) => (!axes.includes(i) ? [size] : keepAxes ? [1] : []));
}

/** Repeats `x` along its axes of size 1, and along new leading axes, up to `shape`. */
export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : makeValue(expandOperation, [x], { shape });
}

/** Sums over `axes`, in any order; they stay as axes of size 1 if `keepAxes`. */
export function reduceSum(x: Value, axes: readonly number[], keepAxes = false): Value {
  if (axes.length === 0) return x;
  const front = [...new Set(axes.map((axis) => frontAxis("reduceSum", x, axis)))];
  return makeValue(reduceSumOperation, [x], { axes: front, keepAxes });
}

/** Sums `gradient` back to `shape`: the gradient of an operand that was broadcast. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const rank = Math.max(gradient.shape.length, shape.length);
  const target = [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
  if (gradient.shape.length === rank) {
    const axes = gradient.shape.flatMap((size, i) => (target[i] === 1 && size !== 1 ? [i] : []));
    const summed = axes.length > 0 ? reduceSum(gradient, axes, true) : gradient;
    // A branch of `where` or a constant upstream can be smaller than the operand: spread it.
    if (sizeOf(summed.shape) === sizeOf(shape)) return reshape(summed, shape);
    return expand(summed, shape);
  }
  return expand(gradient, shape);
}
