import * as tensor from "orrery-lm/tensor";
import type { Dimension, Value } from "orrery-lm/tensor";
import { fixedInput, floatInput, intInput, type OperationCase } from "../../contracts/operation.ts";

const rows = 4;
/** Lengths around the ends of chunks. */
const lengths = [1, rows - 1, rows, rows + 1, 2 * rows, 2 * rows + 3];
const openLengths = [...lengths, 0].map((length) => ({ length }));

/** One case per length, and one that runs all lengths through one session. */
function atLengths(
  make: (length: Dimension) => Omit<OperationCase, "name">,
  name: string,
): OperationCase[] {
  return [
    ...lengths.map((length) => ({ ...make(length), name: `${name}, ${length} rows` })),
    { ...make("length"), name: `${name}, a symbol of rows`, sizes: openLengths },
  ];
}

/** Chunks of rows through `chunkMap`, with few rows to a chunk. */
export const chunkCases: readonly OperationCase[] = [
  ...atLengths(
    (length) => ({
      of: "chunkMap",
      // Gradients here are sums of terms of order one that nearly cancel at some lengths.
      tolerance: 1e-5,
      inputs: { x: floatInput([length, 3]), weight: floatInput([2, 3]) },
      build: ({ x, weight }) =>
        tensor.chunkMap({
          chunked: [{ value: x!, axis: 0 }],
          shared: [{ value: weight! }],
          rows,
          axis: 0,
          body: ([part], [matrix]) =>
            tensor.tanh(tensor.matmul(part!, matrix!, { transposeB: true })),
        }),
    }),
    "a linear layer",
  ),
  ...atLengths(
    (length) => ({
      of: "chunkMap",
      inputs: { q: floatInput([2, length, 3]), k: floatInput([2, length, 3]) },
      build: ({ q, k }) => causal(q!, k!, length),
    }),
    "growing keys under a causal mask",
  ),
  {
    of: "chunkMap",
    name: "growing keys with a past",
    inputs: {
      q: floatInput([2, "length", 3]),
      k: floatInput([2, "length+past", 3]),
      past: fixedInput(["past"]),
    },
    build: ({ q, k, past }) => tensor.add(causal(q!, k!, "length"), tensor.reduceSum(past!, [0])),
    sizes: [
      { length: 9, past: 2 },
      { length: 1, past: 5 },
      { length: 5, past: 0 },
    ],
  },
  {
    of: "chunkMap",
    name: "the cut axis is not the first, and moves",
    inputs: { x: floatInput([2, 3, 9]) },
    build: ({ x }) =>
      tensor.chunkMap({
        chunked: [{ value: x!, axis: 2 }],
        shared: [],
        rows,
        axis: 0,
        body: ([part]) => tensor.transpose(tensor.exp(part!), [2, 0, 1]),
      }),
  },
  {
    of: "chunkMap",
    name: "an int32 result",
    inputs: { x: intInput(["length"], [3, 1, 2]) },
    build: ({ x }) =>
      tensor.chunkMap({
        chunked: [{ value: x!, axis: 0 }],
        shared: [],
        rows,
        axis: 0,
        body: ([part]) => tensor.multiply(part!, tensor.constant([2], [], "int32")),
      }),
    sizes: openLengths,
  },
  {
    of: "rowsWithin",
    name: "gives the rows of a chunk",
    inputs: { x: floatInput([5, 3]) },
    build: ({ x }) =>
      tensor.chunkMap({
        chunked: [{ value: x!, axis: 0 }],
        shared: [],
        rows: tensor.rowsWithin(7, 3),
        axis: 0,
        body: ([part]) => tensor.softmax(part!),
      }),
  },
  {
    of: "chunkMap",
    name: "two in one program, one inside an expression of the other",
    inputs: { x: floatInput(["length", 2]), weight: floatInput([2, 2]) },
    build: ({ x, weight }) => {
      const layer = (value: Value): Value =>
        tensor.chunkMap({
          chunked: [{ value, axis: 0 }],
          shared: [{ value: weight! }],
          rows,
          axis: 0,
          body: ([part], [matrix]) => tensor.tanh(tensor.matmul(part!, matrix!)),
        });
      return tensor.add(layer(tensor.negate(layer(x!))), x!);
    },
    sizes: openLengths,
  },
];

function causal(q: Value, k: Value, length: Dimension): Value {
  const keyCount = tensor.axisSize(k, 1);
  return tensor.chunkMap({
    chunked: [
      { value: q, axis: 1 },
      {
        value: tensor.add(
          tensor.iota(length),
          tensor.cast(tensor.size(tensor.subtractDimensions(keyCount, length)), "int32"),
        ),
        axis: 0,
      },
    ],
    shared: [
      { value: k, seenAlong: 1 },
      { value: tensor.iota(keyCount), seenAlong: 0 },
    ],
    rows,
    axis: 1,
    body([part, limit], [keys, index]) {
      const seen = tensor.lessOrEqual(
        tensor.reshape(index!, [1, tensor.axisSize(index!, 0)]),
        tensor.reshape(limit!, [tensor.axisSize(limit!, 0), 1]),
      );
      const weights = tensor.maskedSoftmax(tensor.matmul(part!, keys!, { transposeB: true }), seen);
      return tensor.matmul(weights, keys!);
    },
  });
}
