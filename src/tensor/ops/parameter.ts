/** Parameters: values that are learned. A node kind of their own, so that a program knows them. */

import { makeValue, type Operation, type Value } from "../value.ts";

/** What identifies a parameter. */
export interface ParameterAttributes {
  name: string;
  shape: readonly number[];
}

/** The operation behind {@link parameter}. */
const parameterOperation: Operation<ParameterAttributes> = {
  name: "parameter",
  infer: (_, { shape }) => ({ shape, dtype: "float32" }),
};

/** A learned float32 value under a unique name. */
export function parameter(name: string, shape: readonly number[]): Value {
  return makeValue(parameterOperation, [], { name, shape });
}
