/** From scores to what queries read. */

import { constant } from "../../ops/constant.ts";
import { multiply, subtract } from "../../ops/elementwise.ts";
import { expand, reduceSum, sumTo } from "../../ops/expand.ts";
import { matmul } from "../../ops/matmul.ts";
import { concat, slice } from "../../ops/slice.ts";
import { axisSize, makeValue, named, type Operation, type Value } from "../../value.ts";
import { maskedSoftmax } from "../masked-softmax.ts";

interface WeightedSumAttributes {
  everyRowSees: boolean;
  name: string;
}

const weightedSumOperation: Operation<WeightedSumAttributes> = {
  name: "weightedSum",
  infer: ([scores, , values]) => ({
    shape: matmul(scores!, values!).shape,
    dtype: "float32",
  }),
  define([scores, mask, values], { everyRowSees, name }) {
    const weights = maskedSoftmax(scores!, mask!, everyRowSees);
    return matmul(named(weights, `${name}.probabilities`), values!);
  },
  gradient(node, dy) {
    const [scores, mask, values] = node.inputs;
    const weights = maskedSoftmax(scores!, mask!, node.attributes.everyRowSees);
    // Σ over keys of weights · (dy vᵀ) equals Σ over channels of dy · y, which is narrow.
    const total = reduceSum(multiply(dy, node), [-1], true);
    const dScores = multiply(weights, subtract(matmul(dy, values!, { transposeB: true }), total));
    const dValues = matmul(weights, dy, { transposeA: true });
    return [sumTo(dScores, scores!.shape), undefined, sumTo(dValues, values!.shape)];
  },
};

/**
 * `maskedSoftmax(scores, mask) · values`. Its gradient needs no sum over keys.
 *
 * @param inputs scores [..., Tq, Tk], mask bool, values [..., Tk, Dv]
 */
export function weightedSum(
  inputs: readonly [Value, Value, Value],
  attributes: WeightedSumAttributes,
): Value {
  return makeValue(weightedSumOperation, inputs, attributes);
}

/**
 * Softmax where a score for seeing nothing takes part, and is dropped: what is left of a row adds
 * up to less than one.
 *
 * @param scores [B, K, G, tq, tk]
 * @param visible bool, broadcasts to `scores`
 * @param sinks [1, K, G, 1, 1]
 */
export function softmaxWithSinks(scores: Value, visible: Value, sinks: Value): Value {
  const keys = axisSize(scores, -1);
  const all = concat([scores, expand(sinks, scores.shape.with(-1, 1))], -1);
  const mask = expand(visible, [...visible.shape.slice(0, -1), keys]);
  const always = expand(constant([1], [1], "bool"), mask.shape.with(-1, 1));
  return slice(maskedSoftmax(all, concat([mask, always], -1), true), -1, 0, keys);
}
