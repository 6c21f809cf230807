/** Other axes over the same elements, in the same order. */

import { ShapeError } from "orrery-lm/base";
import { sameShape, sizeOf, type Shape } from "../dimension.ts";
import { makeValue, type Operation, type Value } from "../value.ts";

const reshapeOperation: Operation<{ shape: Shape }> = {
  name: "reshape",
  infer([x], { shape }) {
    if (sizeOf(x!.shape) !== sizeOf(shape)) throw new ShapeError("reshape", shape, x!.shape);
    return { shape, dtype: x!.dtype };
  },
  evaluate: ([x], _, shape) => ({ data: x!.data, shape }),
  gradient: ({ inputs: [x] }, dy) => [reshape(dy, x!.shape)],
  lower: ({ inputs: [x], attributes: { shape } }, lowering) =>
    lowering.reshape(lowering.of(x!), x!.shape, shape),
};

/**
 * The same elements under another shape.
 *
 * @throws {ShapeError} if the number of elements differs.
 */
export function reshape(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : makeValue(reshapeOperation, [x], { shape });
}
