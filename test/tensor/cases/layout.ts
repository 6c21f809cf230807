import * as tensor from "orrery-lm/tensor";
import type { Shape } from "orrery-lm/tensor";
import {
  boolInput,
  fixedInput,
  floatInput,
  intInput,
  type OperationCase,
} from "../../contracts/operation.ts";

const rowSizes = [{ rows: 3 }, { rows: 1 }];
const bothSizes = [
  { rows: 2, columns: 3 },
  { rows: 1, columns: 5 },
];

const sizesFor = (...shapes: Shape[]): Pick<OperationCase, "sizes"> => {
  const hasSymbols = shapes.some((shape) =>
    shape.some((dimension) => typeof dimension === "string"),
  );
  return hasSymbols ? { sizes: bothSizes } : {};
};

/** Values that take no part in arithmetic: constants, counting, shapes. */
export const sourceCases: readonly OperationCase[] = [
  {
    of: "constant",
    name: "float32",
    inputs: { x: floatInput([2, 2]) },
    build: ({ x }) => tensor.multiply(x!, tensor.constant([1, -0.5, 0, 2], [2, 2])),
  },
  {
    of: "constant",
    name: "int32, more than are shared by value",
    inputs: {},
    build: () =>
      tensor.constant(
        Array.from({ length: 100 }, (_, i) => i - 50),
        [4, 25],
        "int32",
      ),
  },
  {
    of: "constant",
    name: "bool",
    inputs: {},
    build: () => tensor.constant([1, 0, 1], [3], "bool"),
  },
  {
    of: "constant",
    name: "nothing",
    inputs: {},
    build: () => tensor.constant([], [0, 2]),
  },
  {
    of: "scalar",
    name: "0 and -0 are two constants",
    inputs: { x: fixedInput([1], () => 1) },
    build: ({ x }) => {
      const quotients = [0, -0].map((zero) => tensor.divide(x!, tensor.scalar(zero)));
      return tensor.less(tensor.concat(quotients, 0), tensor.scalar(0)); // Infinity, -Infinity
    },
  },
  { of: "iota", name: "a number", inputs: {}, build: () => tensor.iota(5) },
  { of: "iota", name: "nothing", inputs: {}, build: () => tensor.iota(0) },
  ...(["rows", "rows*columns", "columns+2", "2*rows+columns-1"] as const).map(
    (length): OperationCase => ({
      of: "iota",
      name: length,
      inputs: { x: intInput(["rows", "columns"], [1]) },
      build: ({ x }) =>
        tensor.add(
          tensor.iota(length),
          tensor.reduceSum(tensor.reshape(x!, ["rows*columns"]), [0]),
        ),
      sizes: [...bothSizes, { rows: 0, columns: 1 }],
    }),
  ),
  { of: "size", name: "a number", inputs: {}, build: () => tensor.size(7) },
  {
    of: "size",
    name: "a symbol's",
    inputs: { x: floatInput(["rows", "columns"]) },
    build: ({ x }) => tensor.divide(x!, tensor.size("rows*columns")),
    sizes: bothSizes,
  },
  {
    of: "input",
    name: "is passed through",
    inputs: { x: floatInput(["rows", 2]) },
    build: ({ x }) => x!,
    sizes: rowSizes,
  },
  {
    of: "axisSize",
    name: "as a shape",
    inputs: { x: floatInput(["rows", 1]) },
    build: ({ x }) => tensor.expand(x!, [tensor.axisSize(x!, 0), tensor.axisSize(x!, -1)]),
    sizes: rowSizes,
  },
  {
    of: "named",
    name: "changes nothing",
    inputs: { x: floatInput([3]) },
    build: ({ x }) => tensor.exp(tensor.named(tensor.negate(x!), "inside")),
  },
];

const reshapes: readonly [string, Shape, Shape][] = [
  ["splits an axis", [2, 6], [2, 3, 2]],
  ["to a scalar", [1, 1], []],
  ["from a scalar", [], [1]],
  ["of nothing", [0, 3], [3, 0, 2]],
  ["flattens symbols", ["rows", "columns", 2], ["rows*columns", 2]],
  ["opens symbols", ["rows*columns", 2], ["rows", "columns", 2]],
  ["merges a symbol with a number", ["rows", 2, 3], ["2*rows", 3]],
  ["moves a symbol", ["rows", 4], [4, "rows"]],
  ["adds axes around symbols", ["rows", "columns"], ["rows", 1, "columns", 1]],
];

const expands: readonly [string, Shape, Shape][] = [
  ["along size 1", [2, 1, 3], [2, 4, 3]],
  ["to new leading axes", [3], [2, 2, 3]],
  ["a scalar", [], [2, 3]],
  ["to nothing", [1, 3], [0, 3]],
  ["to symbols", [1, 3], ["rows", "columns", 3]],
  ["a symbol along another", ["rows", 1], ["rows", "columns"]],
];

/** Axes moved, merged, repeated and reduced. */
export const layoutCases: readonly OperationCase[] = [
  ...reshapes.map(([name, from, to]): OperationCase => ({
    of: "reshape",
    name,
    inputs: {
      x: floatInput(from),
      ...(name === "opens symbols" && { r: fixedInput(["rows"]), c: fixedInput(["columns"]) }),
    },
    build: ({ x, r, c }) => {
      const y = tensor.reshape(x!, to);
      return r && c
        ? tensor.add(
            y,
            tensor.reshape(tensor.multiply(tensor.reshape(r, ["rows", 1]), c), [
              "rows",
              "columns",
              1,
            ]),
          )
        : y;
    },
    ...sizesFor(from),
  })),
  ...expands.map(([name, from, to]): OperationCase => ({
    of: "expand",
    name,
    inputs: { x: floatInput(from), like: fixedInput(to) },
    build: ({ x, like }) => tensor.multiply(tensor.expand(x!, to), like!),
    ...sizesFor(to),
  })),
  {
    of: "expand",
    name: "int32",
    inputs: { x: intInput([1], [7]) },
    build: ({ x }) => tensor.expand(x!, [2, 3]),
  },
  {
    of: "flattenRows",
    name: "symbols",
    inputs: { x: floatInput(["rows", "columns", 3]) },
    build: ({ x }) => tensor.flattenRows(x!),
    sizes: [...bothSizes, { rows: 0, columns: 2 }],
  },
  ...(
    [
      ["two axes", [2, 3], [1, 0]],
      ["four axes", ["rows", "columns", 2, 3], [0, 2, 1, 3]],
      ["a cycle", [2, 3, 4], [2, 0, 1]],
      ["nothing", [0, 3], [1, 0]],
    ] as const
  ).map(([name, shape, order]): OperationCase => ({
    of: "transpose",
    name,
    inputs: { x: floatInput(shape) },
    build: ({ x }) => tensor.transpose(x!, order),
    ...sizesFor(shape),
  })),
  ...(
    [
      ["the last axis", [2, 3], [-1], false],
      ["the last axis, kept", ["rows", "columns"], [-1], true],
      ["the first axis", ["rows", "columns"], [0], false],
      ["several axes, in any order", [2, 3, 4], [2, 0], false],
      ["all axes", ["rows", "columns"], [0, 1], false],
      ["no axes", [2, 3], [], false],
      ["an axis of size 1", [2, 1, 3], [1], false],
      ["an axis of size 0", [2, 0], [1], false],
    ] as const
  ).map(([name, shape, axes, keepAxes]): OperationCase => ({
    of: "reduceSum",
    name,
    inputs: { x: floatInput(shape) },
    build: ({ x }) => tensor.reduceSum(x!, axes, keepAxes),
    ...sizesFor(shape),
  })),
  {
    of: "reduceSum",
    name: "int32",
    inputs: { x: intInput(["rows", 4], [1, -2, 7]) },
    build: ({ x }) => tensor.reduceSum(x!, [0]),
    sizes: rowSizes,
  },
  ...(
    [
      ["the last axis", ["rows", "columns"], [-1]],
      ["two axes", [2, 3, 4], [0, 2]],
      ["no axes", [2, 3], []],
      ["size 1", [3, 1], [1]],
    ] as const
  ).map(([name, shape, axes]): OperationCase => ({
    of: "reduceMax",
    name,
    inputs: { x: fixedInput(shape) },
    build: ({ x }) => tensor.reduceMax(x!, axes),
    ...sizesFor(shape),
  })),
];

/** Parts of values, and values joined. */
export const sliceCases: readonly OperationCase[] = [
  ...(
    [
      ["the middle", [5, 2], 0, 1, 4],
      ["of the last axis", ["rows", 6], -1, 2, 5],
      ["everything", [3, 2], 0, 0, 3],
      ["nothing", [3, 2], 0, 2, 2],
      ["from a symbol's start", ["rows", 2], 0, 1, "rows"],
      ["up to a symbol", ["rows", "columns"], 1, 0, "columns-1"],
      ["between symbols", ["rows", "columns+rows"], 1, "rows", "columns+rows"],
    ] as const
  ).map(([name, shape, axis, start, end]): OperationCase => ({
    of: "slice",
    name,
    inputs: { x: floatInput(shape), like: fixedInput(["rows", "columns"]) },
    build: ({ x, like }) =>
      tensor.add(tensor.slice(x!, axis, start, end), tensor.reduceSum(like!, [0, 1])),
    sizes: bothSizes,
  })),
  {
    of: "slice",
    name: "int32 and bool",
    inputs: { x: intInput([4], [5, 6, 7, 8]), mask: boolInput([4], [0, 1, 1, 0]) },
    build: ({ x, mask }) =>
      tensor.add(tensor.slice(x!, 0, 1, 3), tensor.cast(tensor.slice(mask!, 0, 2, 4), "int32")),
  },
  ...(
    [
      ["on both sides", [2, 3], 0, 1, 2],
      ["of the last axis", ["rows", 3], -1, 2, 0],
      ["none", [2, 3], 0, 0, 0],
      ["around nothing", [0, 3], 0, 2, 1],
      ["by symbols", ["rows", "columns"], 1, "rows", "columns"],
    ] as const
  ).map(([name, shape, axis, before, after]): OperationCase => ({
    of: "padZeros",
    name,
    inputs: { x: floatInput(shape) },
    build: ({ x }) => tensor.padZeros(x!, axis, before, after),
    ...sizesFor(shape),
  })),
  {
    of: "padZeros",
    name: "int32",
    inputs: { x: intInput([2], [5, 6]) },
    build: ({ x }) => tensor.padZeros(x!, 0, 1, 1),
  },
  ...(
    [
      ["rows", [2, 3], [1, 3], 0],
      ["the last axis", ["rows", 2], ["rows", 3], -1],
      ["with nothing", [2, 3], [2, 0], 1],
      ["symbols", ["rows", 2], ["columns", 2], 0],
    ] as const
  ).map(([name, a, b, axis]): OperationCase => ({
    of: "concat",
    name,
    inputs: { a: floatInput(a), b: floatInput(b) },
    build: ({ a: first, b: second }) => tensor.concat([first!, second!, first!], axis),
    ...sizesFor(a),
  })),
  {
    of: "concat",
    name: "one value",
    inputs: { a: floatInput([2]) },
    build: ({ a }) => tensor.concat([a!], 0),
  },
  {
    of: "concat",
    name: "int32",
    inputs: { a: intInput([2], [1, 2]), b: intInput([1], [3]) },
    build: ({ a, b }) => tensor.concat([a!, b!], 0),
  },
];
