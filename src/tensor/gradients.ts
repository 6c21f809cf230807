/** Reverse-mode differentiation, source to source: the result is a program again. */

import { ShapeError } from "orrery-lm/base";
import { sameShape } from "./dimension.ts";
import { add } from "./ops/elementwise.ts";
import { constant, scalar } from "./ops/constant.ts";
import { expand } from "./ops/expand.ts";
import { topologicalOrder, type Value } from "./value.ts";

/** Values that `wanted` has an influence on. */
function dependents(order: readonly Value[], wanted: readonly Value[]): Set<Value> {
  const found = new Set<Value>(wanted);
  for (const value of order) {
    if (value.inputs.some((input) => found.has(input))) found.add(value);
  }
  return found;
}

/**
 * The vector-Jacobian product: how `Σ output·upstream` changes with each of `wanted`.
 *
 * @param upstream of `output`'s shape
 * @returns one value per wanted one, of its shape; zeros where there is no influence
 */
export function vectorJacobian(output: Value, upstream: Value, wanted: readonly Value[]): Value[] {
  const order = topologicalOrder([output]);
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
    if (gradient === undefined || !relevant.has(value)) continue;
    const inputGradients = gradientsOfInputs(value, gradient);
    value.inputs.forEach((input, i) => {
      const inputGradient = inputGradients[i];
      if (inputGradient !== undefined && relevant.has(input)) accumulate(input, inputGradient);
    });
  }
  return wanted.map((value) => gradients.get(value) ?? expand(scalar(0), value.shape));
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
  return vectorJacobian(loss, constant([1], []), parameters);
}
