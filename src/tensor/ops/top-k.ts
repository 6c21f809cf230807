/** Which elements of a row are its largest. It has no gradient: a choice does not change smoothly. */

import { ShapeError } from "orrery-lm/base";
import { zerosArray } from "../ndarray.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";

const topKMaskOperation: Operation<{ k: number }> = {
  name: "topKMask",
  infer([x], { k }) {
    expectDtype("topKMask", x!, "float32");
    const width = axisSize(x!, -1);
    if (!Number.isInteger(k) || k < 1 || typeof width !== "number" || k > width)
      throw new ShapeError("topKMask: how many to choose", [`1…${width}`], [k]);
    return { shape: x!.shape, dtype: "bool" };
  },
  evaluate([x], { k }, shape) {
    const result = zerosArray(shape);
    const width = shape.at(-1)!;
    for (let start = 0; start < x!.data.length; start += width) {
      const row = x!.data.subarray(start, start + width);
      const order = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b);
      for (const place of order.slice(0, k)) result.data[start + place] = 1;
    }
    return result;
  },
  lower({ inputs: [x], attributes: { k } }, lowering) {
    const places = lowering.emit("TopK", [lowering.of(x!), lowering.int64s([k])], {
      attributes: { axis: -1 },
      output: 1,
    });
    const none = lowering.emit("Expand", [lowering.float(0), lowering.dimensions(x!.shape)]);
    const ones = lowering.emit("Expand", [
      lowering.float(1),
      lowering.dimensions(x!.shape.with(-1, k)),
    ]);
    const chosen = lowering.emit("ScatterElements", [none, places, ones], {
      attributes: { axis: -1 },
    });
    return lowering.emit("Cast", [chosen], { attributes: { to: 9 } });
  },
};

/**
 * Whether each element is one of the `k` largest of its row. Of equal ones the first are taken;
 * PyTorch leaves open which.
 *
 * @param x [..., N]
 * @returns [..., N] bool, with k true ones in each row
 * @throws {ShapeError} if a row has no `k` elements.
 */
export function topKMask(x: Value, k: number): Value {
  return makeValue(topKMaskOperation, [x], { k });
}
