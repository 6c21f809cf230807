/** Cross entropy of a linear layer's logits, in chunks of rows. */

import { ShapeError } from "orrery-lm/base";
import { less, maximum, where } from "../ops/compare.ts";
import { constant, scalar } from "../ops/constant.ts";
import { add, divide, exp, log, multiply, negate, subtract } from "../ops/elementwise.ts";
import { reduceSum } from "../ops/expand.ts";
import { matmul } from "../ops/matmul.ts";
import { pick, put } from "../ops/pick.ts";
import { reduceMax } from "../ops/reduce-max.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";
import { chunkMap, rowsWithin } from "./chunk-map.ts";

/** Logits that exist at a time, in elements: rows times vocabulary. 64 MB of float32. */
export const LOGITS_AT_A_TIME: number = 2 ** 24;

const crossEntropyRowsOperation: Operation<Record<string, never>> = {
  name: "crossEntropyRows",
  infer([logits, labels]) {
    if (labels!.shape.join() !== logits!.shape.slice(0, -1).join() || labels!.dtype !== "int32") {
      throw new ShapeError("crossEntropy: int32 labels", logits!.shape.slice(0, -1), labels!.shape);
    }
    return { shape: labels!.shape, dtype: "float32" };
  },
  define([logits, labels]) {
    const { index, counts } = labelIndex(labels!);
    const largest = reduceMax(logits!, [-1]);
    const total = log(reduceSum(exp(subtract(logits!, largest)), [-1], true));
    const loss = subtract(add(total, largest), pick(logits!, index));
    return reshape(multiply(loss, counts), labels!.shape);
  },
  gradient({ inputs: [logits, labels] }, dy) {
    // softmax(logits) - onehot(label), scaled by the row's upstream gradient.
    const { index, counts } = labelIndex(labels!);
    const weight = multiply(reshape(dy, [...labels!.shape, 1]), counts);
    const probabilities = multiply(softmax(logits!), weight);
    return [add(probabilities, put(negate(weight), index, axisSize(logits!, -1))), undefined];
  },
};

/** Labels as an index that is always legal, and 1 where a row counts, 0 where its label is negative. */
function labelIndex(labels: Value): { index: Value; counts: Value } {
  const column = reshape(labels, [...labels.shape, 1]);
  const zero = constant([0], [], "int32");
  return { index: maximum(column, zero), counts: where(less(column, zero), scalar(0), scalar(1)) };
}

/**
 * Cross entropy of each row.
 *
 * @param logits [..., V]
 * @param labels [...] int32; a negative one (-100 by custom) makes its row count nothing
 * @returns [...] nats
 */
export function crossEntropyRows(logits: Value, labels: Value): Value {
  return makeValue(crossEntropyRowsOperation, [logits, labels], {});
}

/**
 * Cross entropy of each row of `x · weightᵀ` without ever holding more than
 * {@link LOGITS_AT_A_TIME} logits, forward or backward.
 *
 * @param x [N, C]
 * @param weight [V, C]
 * @param labels [N] int32; negative: the row counts nothing
 * @returns [N] nats
 */
export function linearCrossEntropy(x: Value, weight: Value, labels: Value): Value {
  return chunkMap({
    chunked: [
      { value: x, axis: 0 },
      { value: labels, axis: 0 },
    ],
    shared: [{ value: weight }],
    rows: rowsWithin(LOGITS_AT_A_TIME, weight.shape[0]!),
    axis: 0,
    body: ([rows, answers], [matrix]) =>
      crossEntropyRows(matmul(rows!, matrix!, { transposeB: true }), answers!),
  });
}

/**
 * The mean over the rows that count.
 *
 * @param losses [N] nats, 0 where a row does not count
 * @param labels [N] int32
 * @returns [] nats; 0 if no row counts
 */
export function meanLoss(losses: Value, labels: Value): Value {
  const { counts } = labelIndex(labels);
  const number = maximum(reduceSum(counts, [...counts.shape.keys()]), scalar(1));
  return divide(reduceSum(losses, [...losses.shape.keys()]), number);
}
