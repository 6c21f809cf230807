import * as tensor from "orrery-lm/tensor";
import type { Shape } from "orrery-lm/tensor";
import {
  boolInput,
  fixedInput,
  floatInput,
  intInput,
  type OperationCase,
} from "../../contracts/operation.ts";

const swap = (shape: Shape): Shape => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];

/** The way `a` [..., M, K] meets `b` [..., K, N]; the symbols are used in some. */
const meetings: readonly [string, Shape, Shape][] = [
  ["two matrices", [2, 3], [3, 4]],
  ["a batch and a weight", [2, 3, 4], [4, 5]],
  ["symbols and a weight", ["batch", "tokens", 4], [4, 3]],
  ["a weight and a batch", [3, 4], [2, 4, 2]],
  ["two batches", ["batch", 3, 2], ["batch", 2, 4]],
  ["batches that broadcast", [2, 1, 3, 4], [3, 4, 2]],
  ["size 1 everywhere", [1, 1], [1, 1]],
];

const sizes = [
  { batch: 2, tokens: 3 },
  { batch: 1, tokens: 5 },
];

const withSymbols = (...shapes: Shape[]): Pick<OperationCase, "sizes"> =>
  shapes.some((shape) => shape.some((dimension) => typeof dimension === "string")) ? { sizes } : {};

/** Matrix products. */
export const matmulCases: readonly OperationCase[] = [
  ...meetings.flatMap(([name, a, b]) =>
    ([false, true] as const).flatMap((transposeA) =>
      ([false, true] as const).flatMap((transposeB) =>
        [1, 0.5].map((scale): OperationCase => ({
          of: "matmul",
          name: `${name}, ${transposeA ? "aᵀ" : "a"}·${transposeB ? "bᵀ" : "b"}·${scale}`,
          inputs: {
            a: floatInput(transposeA ? swap(a) : a),
            b: floatInput(transposeB ? swap(b) : b),
          },
          build: ({ a: left, b: right }) =>
            tensor.matmul(left!, right!, { transposeA, transposeB, scale }),
          ...withSymbols(a),
        })),
      ),
    ),
  ),
  {
    of: "matmul",
    name: "no rows",
    inputs: { a: floatInput([0, 3]), b: floatInput([3, 2]) },
    build: ({ a, b }) => tensor.matmul(a!, b!),
  },
  {
    of: "matmul",
    name: "no rows, transposed and scaled",
    inputs: { a: floatInput([0, 3]), b: floatInput([2, 3]) },
    build: ({ a, b }) => tensor.matmul(a!, b!, { transposeB: true, scale: 2 }),
  },
  {
    of: "matmul",
    name: "an inner size that is a symbol, 0 in the last run",
    inputs: { a: floatInput([2, "tokens"]), b: floatInput(["tokens", 3]) },
    build: ({ a, b }) => tensor.matmul(a!, b!),
    sizes: [{ tokens: 3 }, { tokens: 1 }, { tokens: 0 }],
  },
];

const table = ["rows", 3] as const;

/** Rows and elements by index. */
export const indexCases: readonly OperationCase[] = [
  ...(
    [
      ["one id", [5, 3], [1], [4]],
      ["duplicate ids", [5, 3], [6], [1, 4, 1, 0, 1, 4]],
      ["ids of two axes", [5, 3], ["batch", "tokens"], [0, 3, 3, 2]],
      ["a table of one axis", [5], [4], [2, 2, 0, 1]],
      ["a table of three axes", [4, 2, 3], [3], [3, 0, 3]],
      ["a scalar id", [5, 3], [], [2]],
      ["a table of one row", [1, 3], [3], [0]],
      ["no ids", [5, 3], [0], [0]],
      ["a table with a symbol", table, [4], [1, 0, 1, 1]],
    ] as const
  ).map(([name, shape, ids, values]): OperationCase => ({
    of: "gather",
    name,
    inputs: { x: floatInput(shape), ids: intInput(ids, values) },
    build: ({ x, ids: index }) => tensor.gather(x!, index!),
    ...(name === "ids of two axes" && { sizes }),
    ...(shape === table && { sizes: [{ rows: 2 }, { rows: 4 }] }),
  })),
  {
    of: "gather",
    name: "a row that is not learned",
    inputs: {
      x: fixedInput(["rows", 3]),
      other: floatInput(["rows", 3]),
      ids: intInput([4], [1, 0, 1, 1]),
    },
    // Row 1 of the other is hidden, so that its gradient is 0 by differences too.
    build: ({ x, other, ids }) => {
      const row = tensor.reshape(tensor.iota("rows"), ["rows", 1]);
      const isHidden = tensor.equal(row, tensor.constant([1], [], "int32"));
      const table = tensor.where(isHidden, x!, other!);
      return tensor.gather(table, ids!, { fixedRow: 1 });
    },
    sizes: [{ rows: 2 }, { rows: 4 }],
  },
  {
    of: "gather",
    name: "an int32 table",
    inputs: { x: intInput([3], [7, -8, 9]), ids: intInput([2], [2, 1]) },
    build: ({ x, ids }) => tensor.gather(x!, ids!),
  },
  ...(
    [
      ["duplicate ids", [6], [1, 4, 1, 0, 1, 4], [6, 3]],
      ["updates of one axis", [4], [2, 2, 0, 2], [4]],
      ["updates of three axes", [3], [4, 0, 4], [3, 2, 2]],
      ["a symbol of ids", ["tokens"], [3, 3, 1], ["tokens", 2]],
      ["no ids", [0], [0], [0, 2]],
    ] as const
  ).map(([name, ids, values, updates]): OperationCase => ({
    of: "addRows",
    name,
    inputs: { ids: intInput(ids, values), updates: floatInput(updates) },
    build: ({ ids: index, updates: rows }) => tensor.addRows(5, index!, rows!),
    ...withSymbols(ids),
  })),
  {
    of: "addRows",
    name: "to a symbol of rows",
    inputs: {
      ids: intInput([3], [1, 0, 1]),
      updates: floatInput([3, 2]),
      like: fixedInput(["rows"]),
    },
    build: ({ ids, updates, like }) =>
      tensor.multiply(tensor.addRows("rows", ids!, updates!), tensor.reshape(like!, ["rows", 1])),
    sizes: [{ rows: 2 }, { rows: 4 }],
  },
  ...(
    [
      ["rows", [3, 4], [3, 0, 3], 1],
      ["a symbol of rows", ["batch", "tokens", 3], [2, 0, 1, 1], 1],
      ["several of a row, some twice", ["batch", 2, 3], [2, 0, 1, 1, 2], 5],
      ["width 1", [3, 1], [0], 1],
      ["one row", [1, 4], [2], 1],
      ["no rows", [0, 4], [0], 1],
    ] as const
  ).flatMap(([name, shape, values, count]): OperationCase[] => [
    {
      of: "pick",
      name,
      inputs: { x: floatInput(shape), index: intInput([...shape.slice(0, -1), count], values) },
      build: ({ x, index }) => tensor.pick(x!, index!),
      ...withSymbols(shape),
    },
    {
      of: "addAt",
      name,
      inputs: {
        x: floatInput(shape),
        index: intInput([...shape.slice(0, -1), count], values),
        values: floatInput([...shape.slice(0, -1), count]),
      },
      build: ({ x, index, values: added }) => tensor.addAt(x!, index!, added!),
      ...withSymbols(shape),
    },
  ]),
  ...(
    [
      ["rows", ["batch", "tokens"], [1, 0, 1, 1, 0]],
      ["one element", [3, 1], [1, 0, -4]],
      ["no elements", [2, 0], [0]],
      ["three axes", [2, 2, 3], [0, 1, 1, -2]],
    ] as const
  ).map(([name, shape, values]): OperationCase => ({
    of: "cumulativeSum",
    name,
    inputs: { x: intInput(shape, values) },
    build: ({ x }) => tensor.cumulativeSum(x!),
    ...withSymbols(shape),
  })),
  {
    of: "pick",
    name: "a symbol of width",
    inputs: { x: floatInput([2, "width"]), index: intInput([2, 1], [1, 0]) },
    build: ({ x, index }) => tensor.pick(x!, index!),
    sizes: [{ width: 2 }, { width: 4 }],
  },
];

/** Softmax and norms. */
export const rowCases: readonly OperationCase[] = [
  ...(
    [
      ["rows", ["batch", "tokens"]],
      ["one element", [3, 1]],
      ["one axis", [5]],
      ["no rows", [0, 4]],
    ] as const
  ).map(([name, shape]): OperationCase => ({
    of: "softmax",
    name,
    inputs: { x: floatInput(shape, (draw) => 3 * draw()) },
    build: ({ x }) => tensor.softmax(x!),
    ...withSymbols(shape),
  })),
  {
    of: "softmax",
    name: "logits of thousands",
    inputs: { x: floatInput([2, 3], (_, i) => [5000, 4999, -5000, -3001, -3000, -3000][i]!) },
    build: ({ x }) => tensor.softmax(x!),
  },
  ...(
    [
      ["some places hidden", ["batch", "tokens"], ["batch", "tokens"], [1, 0, 1, 1, 1, 0, 1]],
      ["the mask has leading axes missing", [2, 3, 4], [4], [1, 0, 1, 1]],
      ["the mask has size 1 along rows", [2, 3, 4], [2, 1, 4], [1, 0, 1, 0, 1, 1, 0]],
      ["the mask hides whole rows", [2, 3, 4], [2, 3, 1], [1, 0, 1, 1, 0, 0]],
      ["the mask is larger than the logits", [3], [2, 3], [1, 0, 1, 1, 1, 0]],
      ["everything hidden", [2, 3], [2, 3], [0]],
      ["one place", [3, 1], [3, 1], [1, 0, 1]],
      ["no rows", [0, 3], [3], [1]],
      ["a scalar mask", [2, 3], [], [1]],
    ] as const
  ).map(([name, shape, mask, values]): OperationCase => ({
    of: "maskedSoftmax",
    name,
    inputs: { x: floatInput(shape, (draw) => 3 * draw()), mask: boolInput(mask, values) },
    build: ({ x, mask: allowed }) => tensor.maskedSoftmax(x!, allowed!),
    ...withSymbols(shape),
  })),
  {
    of: "maskedSoftmax",
    name: "every row sees something, by promise",
    inputs: { x: floatInput([3, 4]), mask: boolInput([3, 4], [1, 0, 1, 1, 0]) },
    build: ({ x, mask }) => tensor.maskedSoftmax(x!, mask!, true),
  },
  ...(
    [
      ["rows", ["batch", "tokens", 6]],
      ["one channel", [3, 1]],
      ["one axis", [5]],
      ["no rows", [0, 4]],
      ["a symbol of channels", [2, "tokens"]],
    ] as const
  ).flatMap(([name, shape]): OperationCase[] => {
    const row = [shape.at(-1)!];
    // A single channel has no spread: layerNorm gives zeros whose rounding is all there is, and
    // rmsNorm a sign, whose gradient is the small difference of two terms of order one.
    const tolerance = name === "one channel" ? { tolerance: 3e-5 } : {};
    const width = { x: floatInput(shape), gain: floatInput(row), bias: floatInput(row) };
    return [
      {
        of: "rmsNorm",
        name,
        inputs: { x: width.x, gain: width.gain },
        build: ({ x, gain }) => tensor.rmsNorm(x!, gain!, 1e-5),
        ...tolerance,
        ...withSymbols(shape),
      },
      {
        of: "layerNorm",
        name: `${name}, with a bias`,
        inputs: width,
        build: ({ x, gain, bias }) => tensor.layerNorm(x!, gain!, bias!, 1e-5),
        ...withSymbols(shape),
      },
      {
        of: "layerNorm",
        name: `${name}, without a bias`,
        inputs: { x: width.x, gain: width.gain },
        build: ({ x, gain }) => tensor.layerNorm(x!, gain!, undefined, 1e-5),
        ...withSymbols(shape),
      },
    ];
  }),
  {
    of: "rmsNorm",
    name: "an epsilon that matters",
    inputs: { x: floatInput([2, 4], (draw) => draw() / 100), gain: floatInput([4]) },
    build: ({ x, gain }) => tensor.rmsNorm(x!, gain!, 1e-3),
  },
  {
    of: "layerNorm",
    name: "an epsilon that matters",
    inputs: { x: floatInput([2, 4], (draw) => draw() / 100), gain: floatInput([4]) },
    build: ({ x, gain }) => tensor.layerNorm(x!, gain!, undefined, 1e-3),
  },
  {
    of: "meanOfRow",
    name: "a number of channels",
    inputs: { x: floatInput(["batch", 3]) },
    build: ({ x }) => tensor.meanOfRow(x!),
    sizes,
  },
  {
    of: "meanOfRow",
    name: "a symbol of channels",
    inputs: { x: floatInput([2, "tokens"]) },
    build: ({ x }) => tensor.meanOfRow(x!),
    sizes,
  },
];
