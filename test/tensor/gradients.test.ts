import * as tensor from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const x = tensor.input("x", [3]);
const feeds = { x: { data: [-1, 0, 2], shape: [3] } };

/** The gradient of the sum of `y`, at -1, 0 and 2. */
function gradientOf(y: tensor.Value): number[] {
  const [gradient] = tensor.gradients(tensor.reduceSum(y, [0]), [x]);
  return [...tensor.interpret({ gradient: gradient! }, feeds).gradient.data];
}

describe("where a function bends, the gradient is PyTorch's", () => {
  it.each<[string, tensor.Value, number[]]>([
    ["relu has 0 at 0", tensor.relu(x), [0, 0, 1]],
    ["maximum shares at a tie", tensor.maximum(x, tensor.scalar(0)), [0, 0.5, 1]],
    ["maximum shares with itself", tensor.maximum(x, x), [1, 1, 1]],
    ["minimum shares at a tie", tensor.minimum(tensor.scalar(0), x), [1, 0.5, 0]],
  ])("%s", (_, y, expected) => {
    expect(gradientOf(y)).toEqual(expected);
  });
});

it("gives zeros of its shape for what has no influence", () => {
  expect(gradientOf(tensor.constant([1, 2], [2]))).toEqual([0, 0, 0]);
  expect(gradientOf(tensor.cast(tensor.cast(x, "int32"), "float32"))).toEqual([0, 0, 0]);
});
