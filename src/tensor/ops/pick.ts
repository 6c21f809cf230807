/** Elements of each row by index, and adding to them: each other's gradients. */

import { ShapeError } from "orrery-lm/base";
import { sameShape } from "../dimension.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype, frontAxis } from "./checks.ts";
import { scalar } from "./constant.ts";
import { type NoAttributes } from "./define.ts";
import { expand } from "./expand.ts";

function checkIndex(where: string, index: Value, x: Value): void {
  const rows = x.shape.slice(0, frontAxis(where, x, -1));
  expectDtype(`${where}: the index`, index, "int32");
  if (!sameShape(index.shape.slice(0, -1), rows) || index.shape.length !== x.shape.length)
    throw new ShapeError(`${where}: the index`, [...rows, "any"], index.shape);
}

const pickOperation: Operation<NoAttributes> = {
  name: "pick",
  infer([x, index]) {
    checkIndex("pick", index!, x!);
    return { shape: index!.shape, dtype: x!.dtype };
  },
  evaluate([x, index], _, shape) {
    const [width, count] = [x!.shape.at(-1)!, shape.at(-1)!];
    const at = (id: number, i: number): number => Math.floor(i / count) * width + id;
    return { data: index!.data.map((id, i) => x!.data[at(id, i)]!), shape };
  },
  gradient: ({ inputs: [x, index] }, dy) => [addAt(expand(scalar(0), x!.shape), index!, dy)],
  lower: ({ inputs: [x, index] }, lowering) =>
    lowering.emit("GatherElements", [lowering.of(x!), lowering.of(index!)], {
      attributes: { axis: -1 },
    }),
};

const addAtOperation: Operation<NoAttributes> = {
  name: "addAt",
  infer([x, index, values]) {
    checkIndex("addAt", index!, x!);
    if (!sameShape(values!.shape, index!.shape)) {
      throw new ShapeError("addAt: values", index!.shape, values!.shape);
    }
    return { shape: x!.shape, dtype: "float32" };
  },
  evaluate([x, index, values], _, shape) {
    const data = x!.data.slice();
    const [width, count] = [shape.at(-1)!, index!.shape.at(-1)!];
    values!.data.forEach((value, i) => {
      data[Math.floor(i / count) * width + index!.data[i]!]! += value;
    });
    return { data, shape };
  },
  gradient: ({ inputs: [, index] }, dy) => [dy, undefined, pick(dy, index!)],
  lower: ({ inputs }, lowering) =>
    lowering.emit(
      "ScatterElements",
      inputs.map((value) => lowering.of(value)),
      {
        attributes: { axis: -1, reduction: "add" },
      },
    ),
};

/**
 * Elements of each row.
 *
 * @param x [..., V]
 * @param index [..., K] int32 in [0, V)
 * @returns [..., K]
 */
export function pick(x: Value, index: Value): Value {
  return makeValue(pickOperation, [x, index], {});
}

/**
 * `x` with values added to elements of each row; equal indices add up.
 *
 * @param x [..., V]
 * @param index [..., K] int32 in [0, V)
 * @param values [..., K]
 * @returns [..., V]
 */
export function addAt(x: Value, index: Value, values: Value): Value {
  return makeValue(addAtOperation, [x, index, values], {});
}
