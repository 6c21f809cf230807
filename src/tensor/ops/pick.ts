/** One element of each row by index, and putting elements back: each other's gradients. */

import { ShapeError } from "orrery-lm/base";
import { sameShape, type Dimension } from "../dimension.ts";
import { zerosArray } from "../ndarray.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";
import { type NoAttributes } from "./define.ts";

function checkIndex(where: string, index: Value, rows: readonly Dimension[]): void {
  expectDtype(`${where}: the index`, index, "int32");
  if (!sameShape(index.shape, [...rows, 1]))
    throw new ShapeError(`${where}: the index`, [...rows, 1], index.shape);
}

const pickOperation: Operation<NoAttributes> = {
  name: "pick",
  infer([x, index]) {
    checkIndex("pick", index!, x!.shape.slice(0, -1));
    return { shape: index!.shape, dtype: x!.dtype };
  },
  evaluate([x, index], _, shape) {
    const width = x!.shape.at(-1)!;
    return { data: index!.data.map((id, i) => x!.data[i * width + id]!), shape };
  },
  gradient: ({ inputs: [x, index] }, dy) => [put(dy, index!, axisSize(x!, -1))],
  lower: ({ inputs: [x, index] }, lowering) =>
    lowering.emit("GatherElements", [lowering.of(x!), lowering.of(index!)], {
      attributes: { axis: -1 },
    }),
};

const putOperation: Operation<{ width: Dimension }> = {
  name: "put",
  infer([values, index], { width }) {
    checkIndex("put", index!, values!.shape.slice(0, -1));
    return { shape: values!.shape.with(-1, width), dtype: "float32" };
  },
  evaluate([values, index], _, shape) {
    const result = zerosArray(shape);
    const width = shape.at(-1)!;
    values!.data.forEach((value, i) => {
      result.data[i * width + index!.data[i]!]! += value;
    });
    return result;
  },
  gradient: ({ inputs: [, index] }, dy) => [pick(dy, index!)],
  lower({ inputs: [values, index], attributes: { width } }, lowering) {
    const shape = lowering.dimensions(values!.shape.with(-1, width));
    const zeros = lowering.emit("Expand", [lowering.constant("float32", [0], [1]), shape]);
    return lowering.emit("ScatterElements", [zeros, lowering.of(index!), lowering.of(values!)], {
      attributes: { axis: -1, reduction: "add" },
    });
  },
};

/**
 * One element of each row.
 *
 * @param x [..., V]
 * @param index [..., 1] int32 in [0, V)
 * @returns [..., 1]
 */
export function pick(x: Value, index: Value): Value {
  return makeValue(pickOperation, [x, index], {});
}

/**
 * Rows of zeros with one element set.
 *
 * @param values [..., 1]
 * @param index [..., 1] int32 in [0, width)
 * @returns [..., width]
 */
export function put(values: Value, index: Value, width: Dimension): Value {
  return makeValue(putOperation, [values, index], { width });
}
