/** Activations under the names that config.json's `hidden_act` uses. */

import { ConfigError } from "orrery-lm/base";
import {
  add,
  erf,
  exp,
  gelu,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  relu,
  scalar,
  sigmoid,
  silu,
  subtract,
  swish,
  tanh,
  where,
  type Value,
} from "orrery-lm/tensor";

/** Every activation's name, as in Hugging Face's table or, where that has none, as in PyTorch. */
export const activationNames = [
  "celu",
  "elu",
  "gelu",
  "gelu_10",
  "gelu_accurate",
  "gelu_fast",
  "gelu_new",
  "gelu_python",
  "gelu_python_tanh",
  "gelu_pytorch_tanh",
  "hardswish",
  "laplace",
  "leaky_relu",
  "linear",
  "mish",
  "quick_gelu",
  "relu",
  "relu2",
  "relu6",
  "selu",
  "sigmoid",
  "silu",
  "softplus",
  "swish",
  "tanh",
] as const;

/**
 * One of {@link activationNames}. `gelu` and `gelu_python` are the exact form; `gelu_new`, `_fast`,
 * `_accurate` and those with `tanh` in their name the one by tanh; `quick_gelu` is `x·σ(1.702x)`.
 */
export type Activation = (typeof activationNames)[number];

/** The two numbers that keep mean 0 and variance 1: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515 */
export const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const;

/** Applies the activation called `name`, element by element. */
export function activate(name: Activation, x: Value): Value {
  switch (name) {
    case "celu": // with α = 1
    case "elu":
      return elu(x);
    case "gelu":
    case "gelu_python":
      return gelu(x, "none");
    case "gelu_10":
      return clamp(gelu(x, "none"), -10, 10);
    case "gelu_accurate":
    case "gelu_fast":
    case "gelu_new":
    case "gelu_python_tanh":
    case "gelu_pytorch_tanh":
      return gelu(x, "tanh");
    case "quick_gelu":
      return swish(x, 1.702);
    case "relu":
      return relu(x);
    case "relu2":
      return square(relu(x));
    case "relu6":
      return minimum(relu(x), scalar(6));
    case "leaky_relu":
      return add(multiply(relu(x), scalar(0.99)), multiply(x, scalar(0.01)));
    case "hardswish":
      return multiply(x, multiply(clamp(add(x, scalar(3)), 0, 6), scalar(1 / 6)));
    case "laplace":
      return laplace(x);
    case "linear":
      return x;
    case "mish":
      return multiply(x, tanh(softplus(x)));
    case "selu":
      return selu(x);
    case "sigmoid":
      return sigmoid(x);
    case "silu":
    case "swish":
      return silu(x);
    case "softplus":
      return softplus(x);
    case "tanh":
      return tanh(x);
    default:
      throw new ConfigError(
        `activation: expected ${activationNames.join(", ")}, got ${String(name satisfies never)}`,
      );
  }
}

/** `x`, or the nearer end of [low, high]. */
export function clamp(x: Value, low: number, high: number): Value {
  return minimum(maximum(x, scalar(low)), scalar(high));
}

function square(x: Value): Value {
  return multiply(x, x);
}

/** `x` above 0, `eˣ - 1` below. */
function elu(x: Value): Value {
  return where(less(scalar(0), x), x, expm1OfNegative(x));
}

function selu(x: Value): Value {
  const negative = multiply(expm1OfNegative(x), scalar(SELU.alpha));
  return multiply(where(less(scalar(0), x), x, negative), scalar(SELU.scale));
}

/** `eˣ - 1` where x is not positive, and there with the slope at 0, too; else 0. */
function expm1OfNegative(x: Value): Value {
  return subtract(exp(where(lessOrEqual(x, scalar(0)), x, scalar(0))), scalar(1));
}

/** `log(1 + eˣ)`, written so that no exponential overflows. */
export function softplus(x: Value): Value {
  // At 0 `maximum` has the slope one half, which is that of the whole; `relu` would have none.
  return add(maximum(x, scalar(0)), log(add(scalar(1), exp(minimum(x, negate(x))))));
}

/** The distribution function of a normal law with mean √½ and deviation 0.282095; see MEGA. */
function laplace(x: Value): Value {
  const z = multiply(subtract(x, scalar(0.707107)), scalar(1 / (0.282095 * Math.SQRT2)));
  return multiply(add(erf(z), scalar(1)), scalar(0.5));
}
