import * as tensor from "orrery-lm/tensor";
import type { Value } from "orrery-lm/tensor";
import {
  boolInput,
  fixedInput,
  floatInput,
  type OperationCase,
} from "../../contracts/operation.ts";

/** A linear map of the chosen rows alone, put back in their places. */
const mapped = (x: Value, weight: Value, mask: Value): Value => {
  const ids = tensor.rowsWhere(mask, "chosen");
  const rows = tensor.matmul(tensor.gather(x, ids), weight);
  return tensor.addRows(x.shape[0]!, ids, tensor.multiply(rows, rows));
};

/** Choosing elements and rows by their numbers. */
export const choiceCases: readonly OperationCase[] = [
  ...(
    [
      ["one of a row", 1],
      ["three of a row", 3],
      ["all of a row", 5],
    ] as const
  ).map(([name, k]): OperationCase => ({
    of: "topKMask",
    name,
    inputs: { x: fixedInput(["rows", 5]) },
    build: ({ x }) => tensor.topKMask(x!, k),
    sizes: [{ rows: 3 }, { rows: 1 }],
  })),
  {
    of: "topKMask",
    name: "the first of equal ones",
    inputs: { x: fixedInput([2, 6], (_, i) => [1, 2, 2, 0, 2, 2, 0, 0, 0, 0, 0, 0][i]!) },
    build: ({ x }) => tensor.topKMask(x!, 2),
  },
  {
    of: "topKMask",
    name: "of three axes",
    inputs: { x: fixedInput([2, "rows", 4]) },
    build: ({ x }) => tensor.topKMask(x!, 2),
    sizes: [{ rows: 2 }, { rows: 1 }],
  },
  ...(
    [
      ["some rows", [1, 0, 0, 1, 1]],
      ["no row", [0]],
      ["every row", [1]],
    ] as const
  ).map(([name, mask]): OperationCase => ({
    of: "rowsWhere",
    name,
    inputs: {
      x: floatInput(["rows", 3]),
      weight: floatInput([3, 2]),
      mask: boolInput(["rows"], mask),
    },
    build: ({ x, weight, mask: which }) => mapped(x!, weight!, which!),
    sizes: [{ rows: 5 }, { rows: 1 }],
  })),
];
