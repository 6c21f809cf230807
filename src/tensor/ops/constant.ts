/** Constants: values known when the program is written. */

import { ShapeError } from "orrery-lm/base";
import { sizeOfArray } from "../ndarray.ts";
import { makeValue, type Dtype, type Operation, type Value } from "../value.ts";

interface ConstantAttributes {
  values: ArrayLike<number>;
  shape: readonly number[];
  dtype: Dtype;
}

const constantOperation: Operation<ConstantAttributes> = {
  name: "constant",
  infer(_, { values, shape, dtype }) {
    if (values.length !== sizeOfArray(shape))
      throw new ShapeError("constant", shape, [values.length]);
    return { shape, dtype };
  },
  evaluate: (_, { values, shape }) => ({ data: Float64Array.from(values), shape }),
  lower: ({ attributes: { values, shape, dtype } }, lowering) =>
    lowering.constant(dtype, values, shape),
};

/**
 * A value known beforehand.
 *
 * @param values row-major
 * @throws {ShapeError} if `shape` holds another number of elements than `values`.
 */
export function constant(
  values: ArrayLike<number>,
  shape: readonly number[],
  dtype: Dtype = "float32",
): Value {
  return makeValue(constantOperation, [], { values, shape, dtype });
}

/** A float32 constant of shape []. */
export function scalar(value: number): Value {
  return constant([value], []);
}
