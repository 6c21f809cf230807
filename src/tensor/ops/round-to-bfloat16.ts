/** Rounding to bfloat16, for what was trained on numbers rounded so. */

import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";
import type { NoAttributes } from "./define.ts";

const roundToBfloat16Operation: Operation<NoAttributes> = {
  name: "roundToBfloat16",
  infer: ([x]) => expectDtype("roundToBfloat16", x!, "float32"),
  evaluate: ([x], _, shape) => ({ data: Float64Array.from(x!.data, nearest), shape }),
  lower({ inputs: [x] }, lowering) {
    const short = lowering.emit("Cast", [lowering.of(x!)], { attributes: { to: 16 } });
    return lowering.emit("Cast", [short], { attributes: { to: 1 } });
  },
};

/** The bfloat16 nearest to a number, of two equally near ones the even one. */
function nearest(x: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, x);
  const bits = view.getUint32(0);
  const isOdd = (bits >>> 16) & 1;
  view.setUint32(0, ((bits + 0x7fff + isOdd) >>> 16) << 16);
  return view.getFloat32(0);
}

/** The nearest numbers with 8 significant bits, as float32. Treated as a constant by `gradients`. */
export function roundToBfloat16(x: Value): Value {
  return makeValue(roundToBfloat16Operation, [x], {});
}
