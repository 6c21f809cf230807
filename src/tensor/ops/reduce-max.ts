/** The largest element along axes. It has no gradient: it is used to keep exponentials small. */

import { broadcastStrides, forEachElement, stridesOf, zerosArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype, frontAxis } from "./checks.ts";
import { reducedShape } from "./expand.ts";

const reduceMaxOperation: Operation<{ axes: readonly number[] }> = {
  name: "reduceMax",
  infer([x], { axes }) {
    expectDtype("reduceMax", x!, "float32");
    return { shape: reducedShape(x!.shape, { axes, keepAxes: true }), dtype: "float32" };
  },
  evaluate([x], _, shape) {
    const result = zerosArray(shape);
    result.data.fill(-Infinity);
    const strides = [stridesOf(x!.shape), broadcastStrides(shape, x!.shape)];
    forEachElement(x!.shape, strides, (_index, [from, to]) => {
      result.data[to!] = Math.max(result.data[to!]!, x!.data[from!]!);
    });
    return result;
  },
  lower: ({ inputs: [x], attributes: { axes } }, lowering) =>
    lowering.emit("ReduceMax", [lowering.of(x!), lowering.int64s(axes)], {
      attributes: { keepdims: 1 },
    }),
};

/**
 * The largest element along `axes`, which stay as axes of size 1. Treated as a constant by
 * `gradients`; use it only where its value cancels, as in softmax.
 */
export function reduceMax(x: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return x;
  return makeValue(reduceMaxOperation, [x], {
    axes: axes.map((axis) => frontAxis("reduceMax", x, axis)),
  });
}
