/** Inputs: values that are given at run time. */

import type { Shape } from "../dimension.ts";
import { makeValue, type Dtype, type Operation, type Value } from "../value.ts";

/** What identifies an input. */
export interface InputAttributes {
  name: string;
  shape: Shape;
  dtype: Dtype;
}

/** The operation behind {@link input}. */
const inputOperation: Operation<InputAttributes> = {
  name: "input",
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
};

/** A value given at run time under `name`. Its shape may have symbols. */
export function input(name: string, shape: Shape, dtype: Dtype = "float32"): Value {
  return makeValue(inputOperation, [], { name, shape, dtype });
}
