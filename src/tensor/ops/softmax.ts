/** Softmax over the last axis. */

import { zerosArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype, frontAxis } from "./checks.ts";
import { type NoAttributes } from "./define.ts";
import { multiply, subtract } from "./elementwise.ts";
import { reduceSum } from "./expand.ts";

/** The gradient of softmax, masked or not: `y · (dy - Σ dy·y)`. */
export function softmaxGradient(y: Value, dy: Value): Value {
  const t = multiply(dy, y);
  return subtract(t, multiply(y, reduceSum(t, [-1], true)));
}

const softmaxOperation: Operation<NoAttributes> = {
  name: "softmax",
  infer([x]) {
    frontAxis("softmax", x!, -1);
    return expectDtype("softmax", x!, "float32");
  },
  evaluate([x], _, shape) {
    const result = zerosArray(shape);
    const width = shape.at(-1)!;
    for (let start = 0; start < x!.data.length; start += width) {
      const row = x!.data.subarray(start, start + width);
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      const weights = row.map((value) => Math.exp(value - largest));
      const total = weights.reduce((a, b) => a + b, 0);
      result.data.set(
        weights.map((weight) => weight / total),
        start,
      );
    }
    return result;
  },
  gradient: (node, dy) => [softmaxGradient(node, dy)],
  lower: ({ inputs: [x] }, lowering) =>
    lowering.emit("Softmax", [lowering.of(x!)], { attributes: { axis: -1 } }),
};

/**
 * `eˣ / Σ eˣ` over the last axis.
 *
 * @param x [..., N] logits
 * @returns [..., N] probabilities
 */
export function softmax(x: Value): Value {
  return makeValue(softmaxOperation, [x], {});
}
