/** The rows for which a condition holds: how many they are is known only when the program runs. */

import { ShapeError } from "orrery-lm/base";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";

const rowsWhereOperation: Operation<{ count: string }> = {
  name: "rowsWhere",
  infer([mask], { count }) {
    expectDtype("rowsWhere", mask!, "bool");
    if (mask!.shape.length !== 1) throw new ShapeError("rowsWhere: a mask", ["N"], mask!.shape);
    return { shape: [count], dtype: "int32" };
  },
  measure: ([mask], { count }) => ({ [count]: mask!.data.reduce((sum, value) => sum + value, 0) }),
  evaluate: ([mask], _, shape) => ({
    data: Float64Array.from([...mask!.data.keys()].filter((i) => mask!.data[i] !== 0)),
    shape,
  }),
  lower({ inputs: [mask] }, lowering) {
    const found = lowering.emit("NonZero", [lowering.of(mask!)]);
    const flat = lowering.emit("Reshape", [found, lowering.int64s([-1])]);
    return lowering.emit("Cast", [flat], { attributes: { to: 6 } });
  },
};

/**
 * Indices of the rows for which a condition holds, in order. `gather` takes the rows, `addRows` puts
 * them back, so that work can be done on these only; none at all are fine.
 *
 * @param mask [N] bool
 * @param count a name for their number, which no other value of the program has
 * @returns [count] int32
 */
export function rowsWhere(mask: Value, count: string): Value {
  return makeValue(rowsWhereOperation, [mask], { count });
}
