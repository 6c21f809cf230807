/** Softmax over the places that a mask allows. */

import { scalar } from "../ops/constant.ts";
import { cast, maximum, where } from "../ops/compare.ts";
import { expectDtype } from "../ops/checks.ts";
import { divide, exp, multiply, subtract } from "../ops/elementwise.ts";
import { expand, reduceSum, sumTo } from "../ops/expand.ts";
import { broadcastShapes } from "../dimension.ts";
import { reduceMax } from "../ops/reduce-max.ts";
import { softmax, softmaxGradient } from "../ops/softmax.ts";
import { add } from "../ops/elementwise.ts";
import { makeValue, type Operation, type Value } from "../value.ts";

/** Far below any logit, and finite, so that no arithmetic on it makes NaN. */
const HIDDEN = -1e30;

interface MaskedSoftmaxAttributes {
  everyRowSees: boolean;
}

const maskedSoftmaxOperation: Operation<MaskedSoftmaxAttributes> = {
  name: "maskedSoftmax",
  infer([x, mask]) {
    expectDtype("maskedSoftmax", x!, "float32");
    expectDtype("maskedSoftmax: the mask", mask!, "bool");
    return { shape: broadcastShapes("maskedSoftmax", x!.shape, mask!.shape), dtype: "float32" };
  },
  define([x, mask]) {
    const shape = broadcastShapes("maskedSoftmax", x!.shape, mask!.shape);
    const seen = where(mask!, expand(x!, shape), scalar(HIDDEN));
    const weights = multiply(exp(subtract(seen, reduceMax(seen, [-1]))), cast(mask!, "float32"));
    return divide(weights, maximum(reduceSum(weights, [-1], true), scalar(1e-30)));
  },
  gradient: (node, dy) => [sumTo(softmaxGradient(node, dy), node.inputs[0]!.shape), undefined],
  lower({ inputs: [x, mask], attributes: { everyRowSees } }, lowering) {
    // One addition over the scores; the mask's own sum is shared by all layers and heads.
    const hidden = where(mask!, scalar(0), scalar(HIDDEN));
    const y = softmax(add(x!, hidden));
    if (everyRowSees) return lowering.of(y);
    const allowed = cast(mask!, "float32");
    return lowering.of(multiply(y, mask!.shape.length > 0 ? reduceMax(allowed, [-1]) : allowed));
  },
};

/**
 * Softmax over the last axis, of allowed places only. A row with nothing to see gives zeros and
 * zero gradients; minus infinity, whose softmax is NaN there, never enters.
 *
 * @param x [..., N] logits
 * @param mask [..., N] bool, broadcasts to `x`; true: allowed
 * @param everyRowSees a promise that each row of the mask allows something, which saves a product
 * @returns [..., N] probabilities
 */
export function maskedSoftmax(x: Value, mask: Value, everyRowSees = false): Value {
  return makeValue(maskedSoftmaxOperation, [x, mask], { everyRowSees });
}
