import * as tensor from "orrery-lm/tensor";
import type { Shape, Value } from "orrery-lm/tensor";
import {
  boolInput,
  fixedInput,
  floatInput,
  intInput,
  positive,
  type CaseInput,
  type OperationCase,
} from "../../contracts/operation.ts";

const unary = (
  of:
    | "cos"
    | "erf"
    | "exp"
    | "log"
    | "negate"
    | "sigmoid"
    | "sin"
    | "sqrt"
    | "tanh"
    | "relu"
    | "silu",
  fill?: CaseInput["fill"],
): OperationCase[] => [
  {
    of,
    name: "of rows",
    inputs: { x: floatInput(["rows", 5], fill) },
    build: ({ x }) => tensor[of](x!),
    sizes: [{ rows: 3 }, { rows: 1 }],
  },
  {
    of,
    name: "of a scalar",
    inputs: { x: floatInput([], fill) },
    build: ({ x }) => tensor[of](x!),
  },
  {
    of,
    name: "of nothing",
    inputs: { x: floatInput([0, 4], fill) },
    build: ({ x }) => tensor[of](x!),
  },
];

/** Shapes of two operands for each way to broadcast. */
const broadcasts: readonly [string, Shape, Shape][] = [
  ["equal shapes", [2, 3], [2, 3]],
  ["leading axes missing on the right", [2, 3, 4], [4]],
  ["leading axes missing on the left", [4], [2, 3, 4]],
  ["size 1 on the right", [2, 3], [2, 1]],
  ["size 1 on the left", [1, 3], [2, 3]],
  ["size 1 on both sides", [2, 1, 3], [1, 4, 1]],
  ["missing and size 1", [3, 1], [2, 1, 4]],
  ["scalar on the right", [2, 3], []],
  ["scalar on the left", [], [2, 3]],
  ["two scalars", [], []],
  ["size 1 against size 0", [1, 3], [0, 3]],
  ["nothing", [2, 0], [2, 0]],
];

const symbolic: readonly [string, Shape, Shape][] = [
  ["symbols on both sides", ["rows", 1, 3], ["rows", "columns", 3]],
  ["a symbol against a missing axis", ["rows", "columns"], ["columns"]],
  ["a symbol against size 1", [1, "columns"], ["rows", 1]],
];

const twoSizes = [
  { rows: 2, columns: 3 },
  { rows: 4, columns: 1 },
];

const binary = (
  of: "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum",
  fill?: CaseInput["fill"],
): OperationCase[] =>
  [...broadcasts, ...symbolic].map(([name, a, b], i) => ({
    of,
    name,
    inputs: { a: floatInput(a), b: floatInput(b, fill) },
    build: ({ a: left, b: right }) => tensor[of](left!, right!),
    ...(i >= broadcasts.length && { sizes: twoSizes }),
  }));

const integers = (of: "add" | "subtract" | "multiply" | "maximum" | "minimum"): OperationCase => ({
  of,
  name: "int32",
  inputs: { a: intInput(["rows", 4], [7, -3, 0, 5, -8]), b: intInput([4], [2, 5, -3, 1]) },
  build: ({ a, b }) => tensor[of](a!, b!),
  sizes: [{ rows: 3 }, { rows: 1 }],
});

const compared: readonly ["less" | "lessOrEqual" | "equal", "float32" | "int32"][] = [
  ["less", "float32"],
  ["less", "int32"],
  ["lessOrEqual", "float32"],
  ["lessOrEqual", "int32"],
  ["equal", "float32"],
  ["equal", "int32"],
];

const asType = (dtype: "float32" | "int32", x: Value): Value => tensor.cast(x, dtype);

/** Arithmetic, element by element. */
export const arithmeticCases: readonly OperationCase[] = [
  ...unary("cos"),
  ...unary("erf"),
  ...unary("exp"),
  ...unary("log", positive),
  ...unary("negate"),
  ...unary("sigmoid"),
  ...unary("sin"),
  ...unary("sqrt", positive),
  ...unary("tanh"),
  ...binary("add"),
  ...binary("subtract"),
  ...binary("multiply"),
  ...binary("divide", positive),
  ...binary("maximum"),
  ...binary("minimum"),
  ...(["add", "subtract", "multiply", "maximum", "minimum"] as const).map(integers),
  {
    of: "multiply",
    name: "one value as both operands",
    inputs: { x: floatInput([2, 3]) },
    build: ({ x }) => tensor.multiply(x!, x!),
  },
];

/** Activations. */
export const activationCases: readonly OperationCase[] = [
  ...unary("relu"),
  ...unary("silu"),
  ...(["none", "tanh"] as const).flatMap((approximate): OperationCase[] => [
    {
      of: "gelu",
      name: `${approximate}, of rows`,
      inputs: { x: floatInput(["rows", 5], (draw) => 2 * draw()) },
      build: ({ x }) => tensor.gelu(x!, approximate),
      sizes: [{ rows: 3 }, { rows: 1 }],
    },
    {
      of: "gelu",
      name: `${approximate}, of nothing`,
      inputs: { x: floatInput([0]) },
      build: ({ x }) => tensor.gelu(x!, approximate),
    },
    {
      of: "gelu",
      name: `${approximate}, far from zero`,
      inputs: { x: floatInput([4], (_, i) => [-30, -9, 9, 30][i]!) },
      build: ({ x }) => tensor.gelu(x!, approximate),
    },
  ]),
  {
    of: "swish",
    name: "with another slope, of rows",
    inputs: { x: floatInput(["rows", 5]) },
    build: ({ x }) => tensor.swish(x!, 1.702),
    sizes: [{ rows: 3 }, { rows: 1 }],
  },
  {
    of: "roundToBfloat16",
    name: "of rows",
    inputs: { x: fixedInput(["rows", 7], (draw) => 100 * draw()) },
    build: ({ x }) => tensor.roundToBfloat16(x!),
    sizes: [{ rows: 9 }, { rows: 1 }],
  },
  {
    of: "roundToBfloat16",
    name: "halfway, to even",
    inputs: { x: fixedInput([6], (_, i) => [257, 259, -257, -259, 0, 1 + 2 ** -8][i]!) },
    build: ({ x }) => tensor.roundToBfloat16(x!),
  },
  {
    of: "silu",
    name: "far from zero",
    inputs: { x: floatInput([4], (_, i) => [-80, -20, 20, 80][i]!) },
    build: ({ x }) => tensor.silu(x!),
  },
];

/** Comparison, logic and choice. */
export const comparisonCases: readonly OperationCase[] = [
  ...compared.map(([of, dtype]): OperationCase => ({
    of,
    name: `${dtype}, broadcasting`,
    inputs: { a: intInput(["rows", 1, 3], [-1, 0, 2]), b: intInput([4, 1], [0, -1, 2, 3]) },
    build: ({ a, b }) => tensor[of](asType(dtype, a!), asType(dtype, b!)),
    sizes: [{ rows: 2 }, { rows: 1 }],
  })),
  {
    of: "equal",
    name: "bool",
    inputs: { a: boolInput([4], [0, 1]), b: boolInput([2, 1], [1, 0]) },
    build: ({ a, b }) => tensor.equal(a!, b!),
  },
  ...(["and", "or"] as const).map((of): OperationCase => ({
    of,
    name: "broadcasting",
    inputs: { a: boolInput(["rows", 4], [0, 0, 1, 1]), b: boolInput([4], [0, 1, 0, 1]) },
    build: ({ a, b }) => tensor[of](a!, b!),
    sizes: [{ rows: 2 }, { rows: 1 }],
  })),
  {
    of: "not",
    name: "of rows",
    inputs: { x: boolInput(["rows", 3], [0, 1, 1, 0]) },
    build: ({ x }) => tensor.not(x!),
    sizes: [{ rows: 2 }, { rows: 1 }],
  },
  ...(
    [
      ["equal shapes", [2, 3], [2, 3], [2, 3]],
      ["all three broadcast", [2, 1, 1], [3, 1], [4]],
      ["a scalar condition", [], [2, 3], [3]],
      ["branches smaller than the condition", [2, 3, 4], [], [1, 4]],
      ["one branch larger than all", [3], [2, 2, 3], [1]],
      ["nothing", [0, 3], [1, 3], [3]],
      ["symbols", ["rows", "columns"], ["rows", 1], ["columns"]],
    ] as const
  ).map(([name, condition, a, b]): OperationCase => ({
    of: "where",
    name,
    inputs: {
      condition: boolInput(condition, [1, 0, 0, 1, 0]),
      a: floatInput(a),
      b: floatInput(b),
    },
    build: ({ condition: c, a: left, b: right }) => tensor.where(c!, left!, right!),
    ...(name === "symbols" && { sizes: twoSizes }),
  })),
  {
    of: "where",
    name: "int32",
    inputs: { c: boolInput([2, 1], [1, 0]), a: intInput([3], [1, 2, 3]), b: intInput([], [-1]) },
    build: ({ c, a, b }) => tensor.where(c!, a!, b!),
  },
  ...(
    [
      [
        "float32 to int32 truncates",
        fixedInput([6], (_, i) => [-1.7, -0.2, 0, 0.9, 2.5, 7][i]!),
        "int32",
      ],
      ["float32 to bool", fixedInput([4], (_, i) => [0, -0.5, 1, 1e-30][i]!), "bool"],
      ["int32 to float32", intInput([3], [-2, 0, 7]), "float32"],
      ["int32 to bool", intInput([3], [-2, 0, 7]), "bool"],
      ["bool to float32", boolInput(["rows"], [0, 1]), "float32"],
      ["bool to int32", boolInput(["rows"], [1, 0]), "int32"],
      ["float32 to itself", floatInput([3]), "float32"],
    ] as const
  ).map(([name, x, to]): OperationCase => ({
    of: "cast",
    name,
    inputs: { x },
    build: (inputs) => tensor.cast(inputs["x"]!, to),
    ...(x.shape[0] === "rows" && { sizes: [{ rows: 5 }, { rows: 1 }] }),
  })),
];
