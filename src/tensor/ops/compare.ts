/** Comparison, choice and logic: what masks are made of. None but `where` and `cast` has a gradient. */

import { ShapeError } from "orrery-lm/base";
import { broadcastShapes } from "../dimension.ts";
import { mapArrays } from "../ndarray.ts";
import { makeValue, type Dtype, type Operation, type Value } from "../value.ts";
import { scalar } from "./constant.ts";
import { expectDtype } from "./checks.ts";
import { defineBinary, type NoAttributes } from "./define.ts";
import { multiply } from "./elementwise.ts";
import { sumTo } from "./expand.ts";

const lessOperation: Operation<NoAttributes> = defineBinary({
  name: "less",
  onnx: "Less",
  evaluate: (a, b) => Number(a < b),
  result: "bool",
});

const lessOrEqualOperation: Operation<NoAttributes> = defineBinary({
  name: "lessOrEqual",
  onnx: "LessOrEqual",
  evaluate: (a, b) => Number(a <= b),
  result: "bool",
});

const equalOperation: Operation<NoAttributes> = defineBinary({
  name: "equal",
  onnx: "Equal",
  evaluate: (a, b) => Number(a === b),
  takes: ["float32", "int32", "bool"],
  result: "bool",
});

const andOperation: Operation<NoAttributes> = defineBinary({
  name: "and",
  onnx: "And",
  takes: ["bool"],
  evaluate: (a, b) => Number(a !== 0 && b !== 0),
});

const orOperation: Operation<NoAttributes> = defineBinary({
  name: "or",
  onnx: "Or",
  takes: ["bool"],
  evaluate: (a, b) => Number(a !== 0 || b !== 0),
});

const maximumOperation: Operation<NoAttributes> = defineBinary({
  name: "maximum",
  onnx: "Max",
  evaluate: Math.max,
  // At a tie both operands share the gradient, as in PyTorch.
  gradient: (a, b, _y, dy) => [() => winner(a, b, dy), () => winner(b, a, dy)],
});

const minimumOperation: Operation<NoAttributes> = defineBinary({
  name: "minimum",
  onnx: "Min",
  evaluate: Math.min,
  gradient: (a, b, _y, dy) => [() => winner(b, a, dy), () => winner(a, b, dy)],
});

/** `dy` where `a > b`, half of it where they are equal, else 0. */
function winner(a: Value, b: Value, dy: Value): Value {
  const tie = where(equal(a, b), multiply(dy, scalar(0.5)), scalar(0));
  return where(less(b, a), dy, tie);
}

const notOperation: Operation<NoAttributes> = {
  name: "not",
  infer: ([x]) => expectDtype("not", x!, "bool"),
  evaluate: (inputs, _, shape) => mapArrays(shape, inputs, (x) => Number(x === 0)),
  lower: ({ inputs: [x] }, lowering) => lowering.emit("Not", [lowering.of(x!)]),
};

const whereOperation: Operation<NoAttributes> = {
  name: "where",
  infer([condition, a, b]) {
    expectDtype("where: the condition's", condition!, "bool");
    if (a!.dtype !== b!.dtype || a!.dtype === "bool") {
      throw new ShapeError("where: branches of one number type", [a!.dtype], [b!.dtype]);
    }
    const branches = broadcastShapes("where", a!.shape, b!.shape);
    return { shape: broadcastShapes("where", condition!.shape, branches), dtype: a!.dtype };
  },
  evaluate: (inputs, _, shape) => mapArrays(shape, inputs, (c, a, b) => (c !== 0 ? a! : b!)),
  gradient({ inputs: [condition, a, b], dtype }, dy) {
    if (dtype !== "float32") return [];
    return [
      undefined,
      sumTo(where(condition!, dy, scalar(0)), a!.shape),
      sumTo(where(condition!, scalar(0), dy), b!.shape),
    ];
  },
  lower: ({ inputs }, lowering) =>
    lowering.emit(
      "Where",
      inputs.map((value) => lowering.of(value)),
    ),
};

const castOperation: Operation<{ to: Dtype }> = {
  name: "cast",
  infer: ([x], { to }) => ({ shape: x!.shape, dtype: to }),
  evaluate: (inputs, { to }, shape) =>
    mapArrays(shape, inputs, (x) =>
      to === "bool" ? Number(x !== 0) : to === "int32" ? Math.trunc(x!) : x!,
    ),
  gradient: ({ inputs: [x] }, dy) => (x!.dtype === "float32" ? [dy] : []),
  lower: ({ inputs: [x], attributes: { to } }, lowering) =>
    lowering.emit("Cast", [lowering.of(x!)], {
      attributes: { to: { float32: 1, int32: 6, bool: 9 }[to] },
    }),
};

/** Whether `a < b`. */
export function less(a: Value, b: Value): Value {
  return makeValue(lessOperation, [a, b], {});
}

/** Whether `a ≤ b`. */
export function lessOrEqual(a: Value, b: Value): Value {
  return makeValue(lessOrEqualOperation, [a, b], {});
}

/** Whether `a = b`. */
export function equal(a: Value, b: Value): Value {
  return makeValue(equalOperation, [a, b], {});
}

/** Both. */
export function and(a: Value, b: Value): Value {
  return makeValue(andOperation, [a, b], {});
}

/** Either or both. */
export function or(a: Value, b: Value): Value {
  return makeValue(orOperation, [a, b], {});
}

/** The opposite. */
export function not(x: Value): Value {
  return makeValue(notOperation, [x], {});
}

/** The larger of `a` and `b`. */
export function maximum(a: Value, b: Value): Value {
  return makeValue(maximumOperation, [a, b], {});
}

/** The smaller of `a` and `b`. */
export function minimum(a: Value, b: Value): Value {
  return makeValue(minimumOperation, [a, b], {});
}

/** `a` where the condition holds, else `b`. All three broadcast. */
export function where(condition: Value, a: Value, b: Value): Value {
  return makeValue(whereOperation, [condition, a, b], {});
}

/** The same values as another element type; to int32 truncates, to bool asks for non-zero. */
export function cast(x: Value, to: Dtype): Value {
  return x.dtype === to ? x : makeValue(castOperation, [x], { to });
}
