/** Elementwise arithmetic. Operands broadcast; gradients are summed back. */

import { erf as erfOfNumber } from "orrery-lm/base";
import { makeValue, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";
import { scalar } from "./constant.ts";
import { defineBinary, defineUnary, type NoAttributes } from "./define.ts";
import type { Operation } from "../value.ts";

const addOperation: Operation<NoAttributes> = defineBinary({
  name: "add",
  onnx: "Add",
  evaluate: (a, b) => a + b,
  gradient: (_a, _b, _y, dy) => [() => dy, () => dy],
});

const subtractOperation: Operation<NoAttributes> = defineBinary({
  name: "subtract",
  onnx: "Sub",
  evaluate: (a, b) => a - b,
  gradient: (_a, _b, _y, dy) => [() => dy, () => negate(dy)],
});

const multiplyOperation: Operation<NoAttributes> = defineBinary({
  name: "multiply",
  onnx: "Mul",
  evaluate: (a, b) => a * b,
  gradient: (a, b, _y, dy) => [() => multiply(dy, b), () => multiply(dy, a)],
});

const quotientOperation: Operation<NoAttributes> = defineBinary({
  name: "divide",
  onnx: "Div",
  evaluate: (a, b) => a / b,
  gradient: (_a, b, y, dy) => [() => divide(dy, b), () => negate(divide(multiply(dy, y), b))],
});

// Of int32, runtimes round towards zero; nobody needs it, so it is not there to be misread.
const divideOperation: Operation<NoAttributes> = {
  ...quotientOperation,
  infer(inputs, attributes) {
    for (const value of inputs) expectDtype("divide", value, "float32");
    return quotientOperation.infer(inputs, attributes);
  },
};

const negateOperation: Operation<NoAttributes> = defineUnary({
  name: "negate",
  onnx: "Neg",
  evaluate: (x) => -x,
  gradient: (_x, _y, dy) => negate(dy),
});

const expOperation: Operation<NoAttributes> = defineUnary({
  name: "exp",
  onnx: "Exp",
  evaluate: Math.exp,
  gradient: (_x, y, dy) => multiply(dy, y),
});

const logOperation: Operation<NoAttributes> = defineUnary({
  name: "log",
  onnx: "Log",
  evaluate: Math.log,
  gradient: (x, _y, dy) => divide(dy, x),
});

const sqrtOperation: Operation<NoAttributes> = defineUnary({
  name: "sqrt",
  onnx: "Sqrt",
  evaluate: Math.sqrt,
  gradient: (_x, y, dy) => divide(multiply(dy, scalar(0.5)), y),
});

const sinOperation: Operation<NoAttributes> = defineUnary({
  name: "sin",
  onnx: "Sin",
  evaluate: Math.sin,
  gradient: (x, _y, dy) => multiply(dy, cos(x)),
});

const cosOperation: Operation<NoAttributes> = defineUnary({
  name: "cos",
  onnx: "Cos",
  evaluate: Math.cos,
  gradient: (x, _y, dy) => negate(multiply(dy, sin(x))),
});

const tanhOperation: Operation<NoAttributes> = defineUnary({
  name: "tanh",
  onnx: "Tanh",
  evaluate: Math.tanh,
  gradient: (_x, y, dy) => subtract(dy, multiply(dy, multiply(y, y))),
});

const sigmoidOperation: Operation<NoAttributes> = defineUnary({
  name: "sigmoid",
  onnx: "Sigmoid",
  evaluate: (x) => 1 / (1 + Math.exp(-x)),
  gradient: (_x, y, dy) => {
    const t = multiply(dy, y);
    return subtract(t, multiply(t, y));
  },
});

const erfOperation: Operation<NoAttributes> = defineUnary({
  name: "erf",
  onnx: "Erf",
  evaluate: erfOfNumber,
  // d erf(x)/dx = 2/√π · exp(-x²)
  gradient: (x, _y, dy) =>
    multiply(dy, multiply(scalar(2 / Math.sqrt(Math.PI)), exp(negate(multiply(x, x))))),
});

/** `a + b`. */
export function add(a: Value, b: Value): Value {
  return makeValue(addOperation, [a, b], {});
}

/** `a - b`. */
export function subtract(a: Value, b: Value): Value {
  return makeValue(subtractOperation, [a, b], {});
}

/** `a · b`, element by element. */
export function multiply(a: Value, b: Value): Value {
  return makeValue(multiplyOperation, [a, b], {});
}

/** `a / b`. */
export function divide(a: Value, b: Value): Value {
  return makeValue(divideOperation, [a, b], {});
}

/** `-x`. */
export function negate(x: Value): Value {
  return makeValue(negateOperation, [x], {});
}

/** `eˣ`. */
export function exp(x: Value): Value {
  return makeValue(expOperation, [x], {});
}

/** The natural logarithm. */
export function log(x: Value): Value {
  return makeValue(logOperation, [x], {});
}

/** `√x`. */
export function sqrt(x: Value): Value {
  return makeValue(sqrtOperation, [x], {});
}

/** The sine of an angle in radians. */
export function sin(x: Value): Value {
  return makeValue(sinOperation, [x], {});
}

/** The cosine of an angle in radians. */
export function cos(x: Value): Value {
  return makeValue(cosOperation, [x], {});
}

/** The hyperbolic tangent. */
export function tanh(x: Value): Value {
  return makeValue(tanhOperation, [x], {});
}

/** `1 / (1 + e⁻ˣ)`. */
export function sigmoid(x: Value): Value {
  return makeValue(sigmoidOperation, [x], {});
}

/** The error function, `2/√π ∫₀ˣ e^(-t²) dt`. */
export function erf(x: Value): Value {
  return makeValue(erfOperation, [x], {});
}
