/** Activations that are fused by onnxruntime, or have a gradient worth writing. */

import { expectDtype } from "../ops/checks.ts";
import { less, maximum, where } from "../ops/compare.ts";
import { scalar } from "../ops/constant.ts";
import type { NoAttributes } from "../ops/define.ts";
import { add, erf, exp, multiply, sigmoid, subtract, tanh } from "../ops/elementwise.ts";
import { makeValue, type Operation, type Value } from "../value.ts";

const half = (x: Value): Value => multiply(x, scalar(0.5));

const reluOperation: Operation<NoAttributes> = {
  name: "relu",
  infer: ([x]) => expectDtype("relu", x!, "float32"),
  define: ([x]) => maximum(x!, scalar(0)),
  // The derivative at 0 is 0, as in PyTorch; `maximum` would give one half.
  gradient: ({ inputs: [x] }, dy) => [where(less(scalar(0), x!), dy, scalar(0))],
  lower: ({ inputs: [x] }, lowering) => lowering.emit("Relu", [lowering.of(x!)]),
};

const swishOperation: Operation<{ beta: number }> = {
  name: "swish",
  infer: ([x]) => expectDtype("swish", x!, "float32"),
  define: ([x], { beta }) => multiply(x!, sigmoid(scaled(x!, beta))),
  gradient(node, dy) {
    // y' = σ + β·y·(1 - σ), with σ of βx
    const { beta } = node.attributes;
    const s = sigmoid(scaled(node.inputs[0]!, beta));
    return [multiply(dy, add(s, scaled(subtract(node, multiply(node, s)), beta)))];
  },
  lower: ({ inputs: [x], attributes: { beta } }, lowering) =>
    lowering.fast
      ? lowering.emit("QuickGelu", [lowering.of(x!)], {
          attributes: { alpha: { float: beta } },
          domain: "com.microsoft",
        })
      : undefined,
};

function scaled(x: Value, factor: number): Value {
  return factor === 1 ? x : multiply(x, scalar(factor));
}

const geluOperation: Operation<{ approximate: "none" | "tanh" }> = {
  name: "gelu",
  infer: ([x]) => expectDtype("gelu", x!, "float32"),
  define([x], { approximate }) {
    const inner =
      approximate === "none" ? erf(multiply(x!, scalar(Math.SQRT1_2))) : tanh(tanhArgument(x!));
    return multiply(half(x!), add(inner, scalar(1)));
  },
  gradient({ inputs: [x], attributes: { approximate } }, dy) {
    if (approximate === "none") {
      // Φ(x) + x·φ(x)
      const distribution = half(add(erf(multiply(x!, scalar(Math.SQRT1_2))), scalar(1)));
      const density = multiply(
        scalar(1 / Math.sqrt(2 * Math.PI)),
        exp(multiply(multiply(x!, x!), scalar(-0.5))),
      );
      return [multiply(dy, add(distribution, multiply(x!, density)))];
    }
    // ½(1 + t) + ½x·(1 - t²)·√(2/π)(1 + 3·0.044715x²)
    const t = tanh(tanhArgument(x!));
    const slope = multiply(
      scalar(Math.sqrt(2 / Math.PI)),
      add(multiply(scalar(3 * 0.044715), multiply(x!, x!)), scalar(1)),
    );
    const bend = multiply(multiply(half(x!), subtract(scalar(1), multiply(t, t))), slope);
    return [multiply(dy, add(half(add(t, scalar(1))), bend))];
  },
  lower: ({ inputs: [x], attributes: { approximate } }, lowering) =>
    lowering.emit("Gelu", [lowering.of(x!)], { attributes: { approximate } }),
};

/** √(2/π)·(x + 0.044715x³), the argument of the tanh form. */
function tanhArgument(x: Value): Value {
  const cubed = multiply(x, multiply(x, x));
  return multiply(scalar(Math.sqrt(2 / Math.PI)), add(x, multiply(scalar(0.044715), cubed)));
}

/** `max(x, 0)`; the derivative at 0 is 0. */
export function relu(x: Value): Value {
  return makeValue(reluOperation, [x], {});
}

/**
 * Swish: `x · sigmoid(βx)`; with β = 1.702 the quick GELU.
 *
 * @see Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941
 */
export function swish(x: Value, beta: number): Value {
  return makeValue(swishOperation, [x], { beta });
}

/**
 * `x · sigmoid(x)`: Swish with β = 1.
 *
 * @see Elfwing et al. 2017, https://arxiv.org/abs/1702.03118
 */
export function silu(x: Value): Value {
  return swish(x, 1);
}

/**
 * Gaussian error linear unit: `x·Φ(x)` exactly (`none`), or its approximation by `tanh`. The two
 * differ by up to 4.7e-4; checkpoints are made for one of them.
 *
 * @see Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Value, approximate: "none" | "tanh"): Value {
  return makeValue(geluOperation, [x], { approximate });
}
