/** Running totals: how positions are counted over real tokens. */

import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype, frontAxis } from "./checks.ts";
import type { NoAttributes } from "./define.ts";

const cumulativeSumOperation: Operation<NoAttributes> = {
  name: "cumulativeSum",
  infer([x]) {
    frontAxis("cumulativeSum", x!, -1);
    return expectDtype("cumulativeSum", x!, "int32");
  },
  evaluate([x], _, shape) {
    const data = x!.data.slice();
    const width = shape.at(-1)!;
    for (let i = 0; i < data.length; i++) if (i % width !== 0) data[i]! += data[i - 1]!;
    return { data, shape };
  },
  lower: ({ inputs: [x] }, lowering) =>
    lowering.emit("CumSum", [lowering.of(x!), lowering.constant("int32", [-1], [])]),
};

/**
 * The sum of each element and those before it, along the last axis.
 *
 * @param x [..., N] int32
 * @returns [..., N] int32
 */
export function cumulativeSum(x: Value): Value {
  return makeValue(cumulativeSumOperation, [x], {});
}
