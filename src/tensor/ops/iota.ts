/** Counting: 0, 1, 2, … along a dimension, and a dimension as a number. */

import { resolveDimension, type Dimension } from "../dimension.ts";
import { makeValue, type Operation, type Value } from "../value.ts";

const iotaOperation: Operation<{ length: Dimension }> = {
  name: "iota",
  infer: (_, { length }) => ({ shape: [length], dtype: "int32" }),
  evaluate: (_, _attributes, shape) => ({
    data: Float64Array.from({ length: shape[0]! }, (_v, i) => i),
    shape,
  }),
  lower({ attributes: { length } }, lowering) {
    if (typeof length === "number") {
      return lowering.constant(
        "int32",
        Int32Array.from({ length }, (_, i) => i),
        [length],
      );
    }
    const end = lowering.emit("Squeeze", [lowering.dimension(length)]);
    const range = lowering.emit("Range", [
      lowering.constant("int64", [0], []),
      end,
      lowering.constant("int64", [1], []),
    ]);
    return lowering.emit("Cast", [range], { attributes: { to: 6 } });
  },
};

const sizeOperation: Operation<{ dimension: Dimension }> = {
  name: "size",
  infer: () => ({ shape: [], dtype: "float32" }),
  evaluate: (_, { dimension }, shape, bindings) => ({
    data: Float64Array.of(resolveDimension(dimension, bindings)),
    shape,
  }),
  lower({ attributes: { dimension } }, lowering) {
    if (typeof dimension === "number") return lowering.float(dimension);
    const scalar = lowering.emit("Squeeze", [lowering.dimension(dimension)]);
    return lowering.emit("Cast", [scalar], { attributes: { to: 1 } });
  },
};

/** `0, 1, … length - 1` as int32, [length]. */
export function iota(length: Dimension): Value {
  return makeValue(iotaOperation, [], { length });
}

/** A dimension as a float32 number, []. */
export function size(dimension: Dimension): Value {
  return makeValue(sizeOperation, [], { dimension });
}
