import { ConfigError, ShapeError } from "orrery-lm/base";
import * as tensor from "orrery-lm/tensor";
import type { Dtype, Shape, Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const x = (shape: Shape, dtype?: Dtype): Value => tensor.input("x", shape, dtype);
const y = (shape: Shape, dtype?: Dtype): Value => tensor.input("y", shape, dtype);
const z = (shape: Shape, dtype?: Dtype): Value => tensor.input("z", shape, dtype);
const ids = (shape: Shape): Value => tensor.input("ids", shape, "int32");

const attend = (queries: Value, keys: Value, mask?: Value): Value =>
  tensor.attention({
    queries,
    keys,
    values: keys,
    scale: 1,
    isCausal: true,
    keyMask: mask,
    name: "here",
  });
const heads = (count: number, tokens: number, width = 4): Value => x([1, count, 1, tokens, width]);

describe("a ShapeError says what does not fit", () => {
  it.each<[string, () => unknown, string]>([
    ["add: shapes", () => tensor.add(x([2, 3]), y([2])), "add: shapes that broadcast"],
    ["add: symbols", () => tensor.add(x(["a"]), y(["b"])), "expected shape [a], got [b]"],
    ["add: types", () => tensor.add(x([2]), y([2], "int32")), "add: operands of one element type"],
    ["add: bool", () => tensor.add(x([2], "bool"), y([2], "bool")), "[float32 or int32]"],
    ["divide: int32", () => tensor.divide(ids([2]), ids([2])), "divide: element type"],
    ["maximum: bool", () => tensor.maximum(x([2], "bool"), y([2], "bool")), "maximum: element"],
    ["less: bool", () => tensor.less(x([2], "bool"), y([2], "bool")), "less: element type"],
    ["and: float32", () => tensor.and(x([2]), y([2])), "and: element type: expected shape [bool]"],
    ["or: int32", () => tensor.or(ids([2]), ids([2])), "or: element type: expected shape [bool]"],
    ["not: float32", () => tensor.not(x([2])), "not: element type"],
    ["exp: int32", () => tensor.exp(ids([2])), "exp: element type"],
    ["gelu: int32", () => tensor.gelu(ids([2]), "none"), "gelu: element type"],
    ["where: condition", () => tensor.where(x([2]), y([2]), z([2])), "where: the condition's"],
    [
      "where: branches",
      () => tensor.where(x([2], "bool"), y([2]), ids([2])),
      "where: branches of one number type",
    ],
    ["constant", () => tensor.constant([1, 2, 3], [2]), "constant: expected shape [2], got [3]"],
    ["reshape", () => tensor.reshape(x([2, 3]), [5]), "reshape: expected shape [5], got [2, 3]"],
    ["reshape: symbols", () => tensor.reshape(x(["a"]), ["b"]), "expected shape [b], got [a]"],
    ["expand", () => tensor.expand(x([5]), [3]), "expand: shapes that broadcast"],
    ["expand: to less", () => tensor.expand(x([2, 3]), [3]), "expand: expected shape [3]"],
    ["transpose", () => tensor.transpose(x([2, 3]), [0, 0]), "transpose: an order of all axes"],
    ["reduceSum: axis", () => tensor.reduceSum(x([2]), [1]), "reduceSum: an axis of a value of 1"],
    ["reduceSum: bool", () => tensor.reduceSum(x([2], "bool"), [0]), "reduceSum: element type"],
    ["reduceMax: axis", () => tensor.reduceMax(x([2]), [-2]), "expected shape [-1…0], got [-2]"],
    ["topKMask: too many", () => tensor.topKMask(x([2, 3]), 4), "expected shape [1…3], got [4]"],
    ["topKMask: none", () => tensor.topKMask(x([2, 3]), 0), "topKMask: how many to choose"],
    ["topKMask: int32", () => tensor.topKMask(ids([3]), 1), "topKMask: element type"],
    ["rowsWhere: types", () => tensor.rowsWhere(x([3]), "n"), "rowsWhere: element type"],
    ["rowsWhere: axes", () => tensor.rowsWhere(x([3, 1], "bool"), "n"), "rowsWhere: a mask"],
    ["roundToBfloat16", () => tensor.roundToBfloat16(ids([2])), "roundToBfloat16: element type"],
    ["softmax: no axis", () => tensor.softmax(x([])), "softmax: an axis of a value of 0 axes"],
    ["softmax: int32", () => tensor.softmax(ids([2])), "softmax: element type"],
    ["slice: start", () => tensor.slice(x([5]), 0, -2, 3), "slice: start ≤ end"],
    ["slice: end", () => tensor.slice(x([5]), 0, 2, 6), "slice: an end inside the axis"],
    ["slice: half a place", () => tensor.slice(x([5]), 0, 0.5, 2.5), "slice: whole places"],
    ["padZeros", () => tensor.padZeros(x([5]), 0, -1, 2), "padZeros: zeros on both sides"],
    ["concat: nothing", () => tensor.concat([], 0), "concat: values: expected shape [1 or more]"],
    [
      "concat: axes",
      () => tensor.concat([x([2, 3]), y([3])], 1),
      "concat: expected shape [2, any]",
    ],
    ["concat: types", () => tensor.concat([x([2]), ids([2])], 0), "concat: expected shape [any]"],
    ["gather: ids", () => tensor.gather(x([2]), y([2])), "gather: ids: element type"],
    ["gather: a scalar", () => tensor.gather(x([]), ids([2])), "gather: the table"],
    ["addRows", () => tensor.addRows(4, ids([2]), x([3, 2])), "addRows: updates"],
    ["pick: index", () => tensor.pick(x([2, 3]), ids([2])), "pick: the index"],
    ["pick: a scalar", () => tensor.pick(x([]), ids([1])), "pick: an axis of a value of 0 axes"],
    ["addAt: values", () => tensor.addAt(x([2, 3]), ids([2, 1]), y([2])), "addAt: values"],
    ["matmul: rank", () => tensor.matmul(x([3]), y([3, 2])), "matmul: two axes or more"],
    ["matmul: inner", () => tensor.matmul(x([2, 3]), y([4, 5])), "matmul: [2, 3] by b"],
    ["matmul: batches", () => tensor.matmul(x([2, 2, 3]), y([3, 3, 4])), "matmul: shapes that"],
    ["matmul: int32", () => tensor.matmul(ids([2, 2]), y([2, 2])), "matmul: element type"],
    ["maskedSoftmax: mask", () => tensor.maskedSoftmax(x([2]), y([2])), "maskedSoftmax: the mask"],
    ["rmsNorm: gain", () => tensor.rmsNorm(x([2, 3]), y([2]), 1e-5), "rmsNorm: the gain"],
    [
      "layerNorm: bias",
      () => tensor.layerNorm(x([2, 3]), y([3]), z([2]), 1e-5),
      "layerNorm: the bias: expected shape [3], got [2]",
    ],
    ["rotate: odd", () => tensor.rotate(x([2, 3]), y([1]), z([1])), "rotate: pairs of channels"],
    ["rotate: sines", () => tensor.rotate(x([2, 4]), y([2]), z([2, 2])), "rotate: sines"],
    ["rotate: angles", () => tensor.rotate(x([4]), y([3, 2]), z([3, 2])), "rotate: angles that"],
    ["attention: width", () => attend(heads(2, 3), heads(2, 3, 5)), "here: queries"],
    ["attention: heads", () => attend(heads(2, 3), heads(3, 3)), "shapes that broadcast"],
    ["attention: mask", () => attend(heads(2, 3), heads(2, 3), x([1, 4], "bool")), "shapes that"],
    ["attention: few keys", () => attend(heads(1, 5), heads(1, 2)), "[5 or more], got [2]"],
    [
      "linearCrossEntropy: x",
      () => tensor.linearCrossEntropy(x([2, 3]), y([5, 4]), ids([2])),
      "linearCrossEntropy: x [N, C]",
    ],
    [
      "linearCrossEntropy: labels",
      () => tensor.linearCrossEntropy(x([2, 3]), y([5, 3]), ids([3])),
      "linearCrossEntropy: int32 labels",
    ],
    ["meanLoss", () => tensor.meanLoss(x([2]), ids([3])), "meanLoss: a label for each loss"],
    ["gradients", () => tensor.gradients(x([1]), []), "gradients: a scalar loss"],
    ["a size below zero", () => x([-1]), "input: sizes: expected shape [0 or more], got [-1]"],
    ["half a row", () => x([2.5]), "input: sizes"],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(message);
  });
});

describe("names", () => {
  it.each<[string, Value, Value]>([
    ["two shapes", x([2]), x([1])],
    ["two element types", x([2]), tensor.cast(x([2], "int32"), "float32")],
    ["an input and a parameter", x([2]), tensor.parameter("x", [2])],
  ])("of two values are refused: %s", (_, a, b) => {
    expect(() => tensor.portsOf({ sum: tensor.add(a, b) })).toThrow("two values are named x");
  });

  it("may be given to two nodes that are the same", () => {
    const { inputs } = tensor.portsOf({ sum: tensor.add(x(["rows"]), x(["rows"])) });
    expect(inputs).toEqual([{ name: "x", shape: ["rows"], dtype: "float32" }]);
  });

  it("of an input and of an output differ", () => {
    expect(() => tensor.compile({ x: tensor.negate(x([2])) })).toThrow(
      "an input and an output are both named x",
    );
  });

  it.each(["my tokens", "2x", "", "a^b"])("cannot be a dimension: %j", (symbol) => {
    expect(() => x([symbol])).toThrow(ConfigError);
  });

  it("make one dimension, however it is spelled", () => {
    expect(tensor.add(x(["tokens*batch", "1+past"]), y(["batch*tokens", "past+1"])).shape).toEqual([
      "batch*tokens",
      "past+1",
    ]);
  });
});

describe("the interpreter refuses", () => {
  it.each<[string, Value, tensor.Feeds, string]>([
    ["a missing array", x([2]), {}, "no array was given for input x"],
    ["another shape", x([2]), { x: { data: [1], shape: [1] } }, "expected shape [2], got [1]"],
    ["too few numbers", x([2]), { x: { data: [1], shape: [2] } }, "numbers for input x"],
    [
      "two sizes of one symbol",
      tensor.add(x(["rows"]), y(["rows"])),
      { x: { data: [1], shape: [1] }, y: { data: [1, 2], shape: [2] } },
      "input y: expected shape [rows], got [2]",
    ],
    [
      "an id outside the table",
      tensor.gather(tensor.constant([1, 2], [2]), ids([1])),
      { ids: { data: [2], shape: [1] } },
      "gather: an id: expected shape [0…1], got [2]",
    ],
  ])("%s", (_, value, feeds, message) => {
    expect(() => tensor.interpret({ value }, feeds)).toThrow(message);
  });
});
