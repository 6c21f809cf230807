/** Cross entropy of a linear layer's logits, in chunks of rows. */

import { ShapeError } from "orrery-lm/base";
import { sameShape } from "../dimension.ts";
import { less, maximum, where } from "../ops/compare.ts";
import { constant, scalar } from "../ops/constant.ts";
import { add, divide, exp, log, multiply, subtract, tanh } from "../ops/elementwise.ts";
import { reduceSum } from "../ops/expand.ts";
import { addRows, gather } from "../ops/gather.ts";
import { matmul } from "../ops/matmul.ts";
import { pick } from "../ops/pick.ts";
import { reduceMax } from "../ops/reduce-max.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";
import { chunkMap, rowsWithin } from "./chunk-map.ts";

/** Logits that exist at a time, in elements: rows times vocabulary. 64 MB of float32. */
export const LOGITS_AT_A_TIME: number = 2 ** 24;

/** Inputs: x [N, C], weight [V, C], labels [N]. The logits' gradient never exists scaled: see `gradient`. */
const linearRowsOperation: Operation<Record<string, never>> = {
  name: "linearCrossEntropyRows",
  infer([x, weight, labels]) {
    const rows = x!.shape.slice(0, 1);
    if (x!.shape.length !== 2 || axisSize(x!, 1) !== axisSize(weight!, 1)) {
      throw new ShapeError("linearCrossEntropy: x [N, C]", ["N", axisSize(weight!, 1)], x!.shape);
    }
    if (labels!.shape.join() !== rows.join() || labels!.dtype !== "int32") {
      throw new ShapeError("linearCrossEntropy: int32 labels", rows, labels!.shape);
    }
    return { shape: rows, dtype: "float32" };
  },
  define: ([x, weight, labels]) => crossEntropyRows(logitsOf(x!, weight!), labels!),
  gradient({ inputs: [x, weight, labels] }, dy) {
    // d logits = (softmax(logits) - onehot(label)) · w with a weight w per row. Neither the weight
    // nor the one-hot part touches the logits, which are wide: the weight scales the rows of x and of
    // the result, and the one-hot part is rows of the matrix, read for dx and added to for dWeight.
    const { index, counts } = labelIndex(labels!);
    const perRow = multiply(reshape(dy, [...labels!.shape, 1]), counts);
    const chosen = reshape(index, labels!.shape);
    const probabilities = softmax(logitsOf(x!, weight!));
    const weighted = multiply(x!, perRow);
    const expected = matmul(probabilities, weight!);
    const dx = multiply(subtract(expected, gather(weight!, chosen)), perRow);
    const dWeight = subtract(
      matmul(probabilities, weighted, { transposeA: true }),
      addRows(axisSize(weight!, 0), chosen, weighted),
    );
    return [dx, dWeight, undefined];
  },
  lower({ inputs: [x, weight, labels] }, lowering) {
    // Σ exp(l - max l) is one over the largest probability, so the softmax that the backward pass
    // needs anyway gives the loss without another pass over the logits.
    const logits = logitsOf(x!, weight!);
    const { index, counts } = labelIndex(labels!);
    const logTotal = subtract(reduceMax(logits, [-1]), log(reduceMax(softmax(logits), [-1])));
    const loss = multiply(subtract(logTotal, pick(logits, index)), counts);
    return lowering.of(reshape(loss, labels!.shape));
  },
};

function logitsOf(x: Value, weight: Value): Value {
  return matmul(x, weight, { transposeB: true });
}

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
  const { index, counts } = labelIndex(labels);
  const largest = reduceMax(logits, [-1]);
  const total = log(reduceSum(exp(subtract(logits, largest)), [-1], true));
  const loss = subtract(add(total, largest), pick(logits, index));
  return reshape(multiply(loss, counts), labels.shape);
}

/** What {@link linearCrossEntropy} does to logits. */
export interface LogitOptions {
  /** Added to the logits, [V]. */
  readonly bias?: Value | undefined;
  /** Bounds the logits: `cap · tanh(logits / cap)`. */
  readonly softCap?: number | undefined;
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
export function linearCrossEntropy(
  x: Value,
  weight: Value,
  labels: Value,
  { bias, softCap }: LogitOptions = {},
): Value {
  const isPlain = bias === undefined && softCap === undefined;
  return chunkMap({
    chunked: [
      { value: x, axis: 0 },
      { value: labels, axis: 0 },
    ],
    shared: [{ value: weight }, ...(bias ? [{ value: bias }] : [])],
    rows: rowsWithin(LOGITS_AT_A_TIME, weight.shape[0]!),
    axis: 0,
    body([rows, answers], [matrix, offset]) {
      if (isPlain) return makeValue(linearRowsOperation, [rows!, matrix!, answers!], {});
      const product = logitsOf(rows!, matrix!);
      const logits = offset ? add(product, offset) : product;
      return crossEntropyRows(softCapped(logits, softCap), answers!);
    },
  });
}

/** `cap · tanh(x / cap)`, or `x` without a cap. */
export function softCapped(x: Value, cap: number | undefined): Value {
  return cap === undefined ? x : multiply(tanh(divide(x, scalar(cap))), scalar(cap));
}

/**
 * The mean over the rows that count.
 *
 * @param losses [N] nats, 0 where a row does not count
 * @param labels [N] int32
 * @returns [] nats; 0 if no row counts
 * @throws {ShapeError} if there is not one label for each loss.
 */
export function meanLoss(losses: Value, labels: Value): Value {
  if (!sameShape(losses.shape, labels.shape))
    throw new ShapeError("meanLoss: a label for each loss", losses.shape, labels.shape);
  const { counts } = labelIndex(labels);
  const number = maximum(reduceSum(counts, [...counts.shape.keys()]), scalar(1));
  return divide(reduceSum(losses, [...losses.shape.keys()]), number);
}
