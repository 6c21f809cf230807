/** Normalization over the last axis, as composites: in primitives, and as one fused operator. */

import { ShapeError } from "orrery-lm/base";
import { sameShape } from "../dimension.ts";
import { scalar } from "../ops/constant.ts";
import { add, divide, multiply, negate, sqrt, subtract } from "../ops/elementwise.ts";
import { reduceSum, sumTo } from "../ops/expand.ts";
import { size } from "../ops/iota.ts";
import { axisSize, makeValue, type Node, type Operation, type Value } from "../value.ts";

interface NormAttributes {
  eps: number;
}

/** The mean over the last axis, which stays as an axis of size 1. */
export function meanOfRow(x: Value): Value {
  const count = axisSize(x, -1);
  const total = reduceSum(x, [-1], true);
  return typeof count === "number"
    ? multiply(total, scalar(1 / count))
    : divide(total, size(count));
}

function checkGain(where: string, x: Value, gain: Value): void {
  if (!sameShape(gain.shape, [axisSize(x, -1)]))
    throw new ShapeError(where, [axisSize(x, -1)], gain.shape);
}

/** 1 / √(mean square + eps), recomputed in the backward pass: see the trap at `lower`. */
function inverseRms(x: Value, eps: number): Value {
  return divide(scalar(1), sqrt(add(meanOfRow(multiply(x, x)), scalar(eps))));
}

const rmsNormOperation: Operation<NormAttributes> = {
  name: "rmsNorm",
  infer([x, gain]) {
    checkGain("rmsNorm: the gain", x!, gain!);
    return x!;
  },
  define: ([x, gain], { eps }) => multiply(multiply(x!, inverseRms(x!, eps)), gain!),
  gradient({ inputs: [x, gain], attributes: { eps } }, dy) {
    const inverse = inverseRms(x!, eps);
    const normalized = multiply(x!, inverse);
    const scaled = multiply(dy, gain!);
    const projected = multiply(normalized, meanOfRow(multiply(scaled, normalized)));
    return [
      multiply(subtract(scaled, projected), inverse),
      sumTo(multiply(dy, normalized), gain!.shape),
    ];
  },
  lower(node, lowering) {
    // Only the first output is used: the second, 1/rms, is not delivered on WebGPU (onnxruntime 1.30).
    if (!lowering.fast) return undefined;
    return lowering.emit(
      "SimplifiedLayerNormalization",
      node.inputs.map((value) => lowering.of(value)),
      {
        attributes: { axis: -1, epsilon: { float: node.attributes.eps }, stash_type: 1 },
      },
    );
  },
};

function centered(x: Value): Value {
  return subtract(x, meanOfRow(x));
}

const layerNormOperation: Operation<NormAttributes> = {
  name: "layerNorm",
  infer([x, gain, bias]) {
    checkGain("layerNorm: the gain", x!, gain!);
    if (bias) checkGain("layerNorm: the bias", x!, bias);
    return x!;
  },
  define([x, gain, bias], { eps }) {
    const deviation = centered(x!);
    const scaled = multiply(multiply(deviation, inverseRms(deviation, eps)), gain!);
    return bias ? add(scaled, bias) : scaled;
  },
  gradient(node: Node<NormAttributes>, dy) {
    const [x, gain, bias] = node.inputs;
    const deviation = centered(x!);
    const inverse = inverseRms(deviation, node.attributes.eps);
    const normalized = multiply(deviation, inverse);
    const scaled = multiply(dy, gain!);
    const projected = multiply(normalized, meanOfRow(multiply(scaled, normalized)));
    const dx = multiply(add(scaled, negate(add(meanOfRow(scaled), projected))), inverse);
    const dGain = sumTo(multiply(dy, normalized), gain!.shape);
    return bias ? [dx, dGain, sumTo(dy, bias.shape)] : [dx, dGain];
  },
  lower(node, lowering) {
    // A standard ONNX operator since opset 17, so both targets use it.
    return lowering.emit(
      "LayerNormalization",
      node.inputs.map((value) => lowering.of(value)),
      {
        attributes: { axis: -1, epsilon: { float: node.attributes.eps } },
      },
    );
  },
};

/**
 * Root mean square normalization of each row.
 *
 *     y = x / √(mean(x²) + eps) · gain
 *
 * @param x [..., C]
 * @param gain [C]
 * @see Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(x: Value, gain: Value, eps: number): Value {
  return makeValue(rmsNormOperation, [x, gain], { eps });
}

/**
 * Layer normalization of each row; the variance is that of the population (divided by C).
 *
 *     y = (x - mean(x)) / √(variance(x) + eps) · gain + bias
 *
 * @param x [..., C]
 * @param gain [C]
 * @param bias [C], or undefined for none
 * @see Ba et al. 2016, https://arxiv.org/abs/1607.06450
 */
export function layerNorm(x: Value, gain: Value, bias: Value | undefined, eps: number): Value {
  return makeValue(layerNormOperation, bias ? [x, gain, bias] : [x, gain], { eps });
}
