import * as tensor from "orrery-lm/tensor";
import { floatInput, intInput, type OperationCase } from "../../contracts/operation.ts";

const sizes = [{ rows: 4 }, { rows: 1 }];
const labels = [2, -100, 0, 2, -1, 4];

/** Cross entropy. */
export const lossCases: readonly OperationCase[] = [
  {
    of: "crossEntropyRows",
    name: "some labels negative",
    inputs: { logits: floatInput(["rows", 5]), labels: intInput(["rows"], labels) },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
    sizes,
  },
  {
    of: "crossEntropyRows",
    name: "two axes of rows",
    inputs: { logits: floatInput([2, "rows", 5]), labels: intInput([2, "rows"], labels) },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
    sizes,
  },
  {
    of: "crossEntropyRows",
    name: "no label counts",
    inputs: { logits: floatInput([3, 5]), labels: intInput([3], [-100]) },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
  },
  {
    of: "crossEntropyRows",
    name: "one word",
    inputs: { logits: floatInput([3, 1]), labels: intInput([3], [0]) },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
  },
  {
    of: "crossEntropyRows",
    name: "no rows",
    inputs: { logits: floatInput([0, 5]), labels: intInput([0], [0]) },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
  },
  {
    of: "crossEntropyRows",
    name: "logits of thousands",
    inputs: {
      logits: floatInput([2, 3], (_, i) => [5000, 4998, 0, -5000, -5003, -5001][i]!),
      labels: intInput([2], [1, 0]),
    },
    build: ({ logits, labels: answers }) => tensor.crossEntropyRows(logits!, answers!),
    tolerance: 1e-3, // The loss is the difference of numbers near 5000, of which float32 has 4e-4.
  },
  {
    of: "linearCrossEntropy",
    name: "some labels negative",
    inputs: {
      x: floatInput(["rows", 3]),
      weight: floatInput([5, 3]),
      labels: intInput(["rows"], labels),
    },
    build: ({ x, weight, labels: answers }) => tensor.linearCrossEntropy(x!, weight!, answers!),
    sizes: [...sizes, { rows: 0 }],
  },
  {
    of: "linearCrossEntropy",
    name: "one row",
    inputs: { x: floatInput([1, 3]), weight: floatInput([5, 3]), labels: intInput([1], [3]) },
    build: ({ x, weight, labels: answers }) => tensor.linearCrossEntropy(x!, weight!, answers!),
  },
  {
    of: "linearCrossEntropy",
    name: "a bias and a bound of the logits",
    inputs: {
      x: floatInput(["rows", 3]),
      weight: floatInput([5, 3]),
      bias: floatInput([5]),
      labels: intInput(["rows"], labels),
    },
    build: ({ x, weight, bias, labels: answers }) =>
      tensor.linearCrossEntropy(x!, weight!, answers!, { bias, softCap: 2 }),
    sizes,
  },
  {
    of: "softCapped",
    name: "of rows",
    inputs: { x: floatInput(["rows", 3]) },
    build: ({ x }) => tensor.softCapped(x!, 1.5),
    sizes,
  },
  {
    of: "meanLoss",
    name: "over the rows that count",
    inputs: { losses: floatInput(["rows"]), labels: intInput(["rows"], labels) },
    build: ({ losses, labels: answers }) => tensor.meanLoss(losses!, answers!),
    sizes: [...sizes, { rows: 0 }],
  },
  {
    of: "meanLoss",
    name: "of linear cross entropy",
    inputs: { x: floatInput([6, 3]), weight: floatInput([5, 3]), labels: intInput([6], labels) },
    build: ({ x, weight, labels: answers }) =>
      tensor.meanLoss(tensor.linearCrossEntropy(x!, weight!, answers!), answers!),
  },
  {
    of: "meanLoss",
    name: "no row counts",
    inputs: { losses: floatInput([3], () => 0), labels: intInput([3], [-1]) },
    build: ({ losses, labels: answers }) => tensor.meanLoss(losses!, answers!),
  },
];
