/** Reverse-mode differentiation, source to source: the result is a program again. */

import { ShapeError } from "orrery-lm/base";
import { sameShape } from "./dimension.ts";
import { add } from "./ops/elementwise.ts";
import { constant, scalar } from "./ops/constant.ts";
import { expand } from "./ops/expand.ts";
import { topologicalOrder, type Value } from "./value.ts";

/** Values that `wanted` has an influence on. */
function dependents(order: readonly Value[], wanted: ReadonlySet<Value>): Set<Value> {
  const found = new Set<Value>(wanted);
  for (const value of order) {
    if (value.inputs.some((input) => found.has(input))) found.add(value);
  }
  return found;
}

/**
 * The vector-Jacobian product of a function of `inputs`: how `Σ output·upstream` changes with each
 * of them while the others stay. Inputs may be made from one another outside the function (a tied
 * weight, and the activations that it helped to make); what is behind them is not looked at.
 *
 * @param upstream of `output`'s shape
 * @returns one value per input, of its shape; zeros where there is no influence
 */
export function vectorJacobian(output: Value, upstream: Value, inputs: readonly Value[]): Value[] {
  const leaves = new Set(inputs);
  const found = backpropagate(topologicalOrder([output], leaves), upstream, {
    wanted: leaves,
    stop: leaves,
  });
  // A value that stands in two places has its whole gradient in the first.
  return inputs.map((value, i) => {
    const isFirst = inputs.indexOf(value) === i;
    return (isFirst ? found.get(value) : undefined) ?? expand(scalar(0), value.shape);
  });
}

/** Walks `order` backwards from its last value, whose gradient is `upstream`; not behind `stop`. */
function backpropagate(
  order: readonly Value[],
  upstream: Value,
  { wanted, stop }: { wanted: ReadonlySet<Value>; stop: ReadonlySet<Value> },
): Map<Value, Value> {
  const output = order.at(-1)!;
  const relevant = dependents(order, wanted);
  const gradients = new Map<Value, Value>([[output, upstream]]);
  const accumulate = (value: Value, gradient: Value): void => {
    if (!sameShape(gradient.shape, value.shape)) {
      throw new ShapeError(
        `gradients: of an input of ${value.operation.name}`,
        value.shape,
        gradient.shape,
      );
    }
    const sum = gradients.get(value);
    gradients.set(value, sum === undefined ? gradient : add(sum, gradient));
  };
  for (const value of order.toReversed()) {
    const gradient = gradients.get(value);
    if (gradient === undefined || !relevant.has(value) || stop.has(value)) continue;
    const inputGradients = gradientsOfInputs(value, gradient);
    value.inputs.forEach((input, i) => {
      const inputGradient = inputGradients[i];
      if (inputGradient !== undefined && relevant.has(input)) accumulate(input, inputGradient);
    });
  }
  return gradients;
}

function gradientsOfInputs(value: Value, upstream: Value): readonly (Value | undefined)[] {
  const { operation, inputs, attributes } = value;
  if (operation.gradient)
    return operation.gradient(value as Value & { attributes: unknown }, upstream);
  if (!operation.define) return [];
  return vectorJacobian(operation.define(inputs, attributes), upstream, inputs);
}

/**
 * The gradients of a scalar loss.
 *
 * @param loss []
 * @returns one value per parameter, of its shape
 * @throws {ShapeError} if the loss is not a scalar.
 */
export function gradients(loss: Value, parameters: readonly Value[]): Value[] {
  if (loss.shape.length !== 0) throw new ShapeError("gradients: a scalar loss", [], loss.shape);
  const found = backpropagate(topologicalOrder([loss]), constant([1], []), {
    wanted: new Set(parameters),
    stop: new Set(),
  });
  return parameters.map((value) => found.get(value) ?? expand(scalar(0), value.shape));
}
