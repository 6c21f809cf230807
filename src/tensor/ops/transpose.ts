/** Axes in another order. */

import { ShapeError } from "orrery-lm/base";
import { forEachElement, stridesOf, zerosArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";

const transposeOperation: Operation<{ order: readonly number[] }> = {
  name: "transpose",
  infer([x], { order }) {
    if (order.toSorted((a, b) => a - b).join() !== [...x!.shape.keys()].join()) {
      throw new ShapeError("transpose: an order of all axes", [...x!.shape.keys()], order);
    }
    return { shape: order.map((axis) => x!.shape[axis]!), dtype: x!.dtype };
  },
  evaluate([x], { order }, shape) {
    const result = zerosArray(shape);
    const own = stridesOf(x!.shape);
    forEachElement(shape, [order.map((axis) => own[axis]!)], (index, [from]) => {
      result.data[index] = x!.data[from!]!;
    });
    return result;
  },
  gradient: ({ attributes: { order } }, dy) => [
    transpose(
      dy,
      order.map((_, i) => order.indexOf(i)),
    ),
  ],
  lower: ({ inputs: [x], attributes: { order } }, lowering) =>
    lowering.emit("Transpose", [lowering.of(x!)], { attributes: { perm: order } }),
};

/** `x` with axis `order[i]` of it as axis `i` of the result. */
export function transpose(x: Value, order: readonly number[]): Value {
  return makeValue(transposeOperation, [x], { order });
}
