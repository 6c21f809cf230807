/** Activations as functions of a number in float64, each with its derivative, to plot and to print. */

import { erf } from "orrery-lm/base";
import { SELU, type Activation } from "./activation.ts";

/** A function of one number and its derivative; at a kink the derivative is PyTorch's. */
export interface ActivationCurve {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

/**
 * The exact GELU.
 *
 *     x·Φ(x)      Φ(x) + x·φ(x)
 *
 * Its least value is -0.169971 at x = -0.751790.
 *
 * @see Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
export const geluCurve: ActivationCurve = {
  value: (x) => (x === -Infinity ? -0 : x * normalDistribution(x)),
  derivative: (x) => normalDistribution(x) + finite(x) * normalDensity(x),
};

/**
 * GELU's approximation by tanh, which is not its definition: the two differ by up to 4.732e-4, at
 * |x| = 2.699.
 *
 *     ½x·(1 + tanh(√(2/π)·(x + 0.044715x³)))
 */
export const geluTanhCurve: ActivationCurve = {
  value: (x) => (x === -Infinity ? -0 : 0.5 * x * (1 + Math.tanh(tanhArgument(x)))),
  derivative(x) {
    const t = Math.tanh(tanhArgument(x));
    const slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    // Far out 1 - t² is exactly 0, whatever the slope.
    return 0.5 * (1 + t) + (Math.abs(t) === 1 ? 0 : 0.5 * x * (1 - t * t) * slope);
  },
};

/**
 * Swish, `x·σ(βx)`: x/2 for β = 0 (not x), SiLU for 1, GELU within 0.0203 for 1.702, ReLU for ∞.
 *
 *     f = x·σ(βx)      β·f + σ(βx)·(1 - β·f)
 *
 * @see Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941
 */
export function swishCurve(beta: number): ActivationCurve {
  if (beta === Infinity) return reluCurve;
  const f = (x: number): number => (beta * x === -Infinity ? -0 : x * logistic(beta * x));
  return {
    value: f,
    derivative(x) {
      const s = logistic(beta * x);
      return s === 0 || s === 1 ? s : s + beta * x * s * (1 - s);
    },
  };
}

/** How Swish changes with β: `x²·σ(βx)·(1 - σ(βx))`. */
export function swishBetaDerivative(x: number, beta: number): number {
  const s = logistic(beta * x);
  return s === 0 || s === 1 ? 0 : x * x * s * (1 - s);
}

/**
 * CELU: ELU whose slope at 0 is 1 for every α.
 *
 *     max(x, 0) + min(α(e^(x/α) - 1), 0)
 *
 * @see Barron 2017, https://arxiv.org/abs/1704.07483
 */
export function celuCurve(alpha: number): ActivationCurve {
  return {
    value: (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
    derivative: (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
  };
}

/**
 * xIELU: quadratic above 0, and below an integral of ELU, so that its slope has no limit.
 *
 *     αp·x² + βx          x > 0
 *     αn·(eˣ - 1 - x) + βx    else
 *
 * @see Huang & Schlag 2024, https://arxiv.org/abs/2411.13010
 */
export function xieluCurve(
  alphaPositive: number,
  alphaNegative: number,
  beta = 0.5,
): ActivationCurve {
  return {
    value: (x) => (x > 0 ? alphaPositive * x * x : alphaNegative * (Math.expm1(x) - x)) + beta * x,
    derivative: (x) => (x > 0 ? 2 * alphaPositive * x : alphaNegative * Math.expm1(x)) + beta,
  };
}

const reluCurve: ActivationCurve = {
  value: (x) => Math.max(x, 0),
  derivative: (x) => (x > 0 ? 1 : 0),
};

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const clipped = (curve: ActivationCurve, low: number, high: number): ActivationCurve => ({
  value: (x) => Math.min(Math.max(curve.value(x), low), high),
  derivative: (x) => (curve.value(x) < low || curve.value(x) > high ? 0 : curve.derivative(x)),
});

const eluCurve = celuCurve(1);
const siluCurve = swishCurve(1);
const sigmoidCurve: ActivationCurve = {
  value: logistic,
  derivative: (x) => logistic(x) * (1 - logistic(x)),
};

/** Every activation by the names of `hidden_act`. */
export const activationCurves: Readonly<Record<Activation, ActivationCurve>> = {
  celu: eluCurve,
  elu: eluCurve,
  gelu: geluCurve,
  gelu_10: clipped(geluCurve, -10, 10),
  gelu_accurate: geluTanhCurve,
  gelu_fast: geluTanhCurve,
  gelu_new: geluTanhCurve,
  gelu_python: geluCurve,
  gelu_python_tanh: geluTanhCurve,
  gelu_pytorch_tanh: geluTanhCurve,
  hardswish: {
    value: (x) => (x <= -3 ? -0 : x >= 3 ? x : (x * (x + 3)) / 6),
    derivative: (x) => (x < -3 ? 0 : x > 3 ? 1 : (2 * x + 3) / 6),
  },
  laplace: {
    value: (x) => 0.5 * (1 + erf((x - 0.707107) / (0.282095 * Math.SQRT2))),
    derivative: (x) => normalDensity((x - 0.707107) / 0.282095) / 0.282095,
  },
  leaky_relu: {
    value: (x) => (x > 0 ? x : 0.01 * x),
    derivative: (x) => (x > 0 ? 1 : 0.01),
  },
  linear: { value: (x) => x, derivative: () => 1 },
  mish: {
    value: (x) => (x === -Infinity ? -0 : x * Math.tanh(softplus(x))),
    derivative(x) {
      const t = Math.tanh(softplus(x));
      return t + (t === 0 || t === 1 ? 0 : x * (1 - t * t) * logistic(x));
    },
  },
  quick_gelu: swishCurve(1.702),
  relu: reluCurve,
  relu2: { value: (x) => reluCurve.value(x) ** 2, derivative: (x) => 2 * reluCurve.value(x) },
  relu6: clipped(reluCurve, 0, 6),
  selu: {
    value: (x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x)),
    derivative: (x) => SELU.scale * (x > 0 ? 1 : SELU.alpha * Math.exp(x)),
  },
  sigmoid: sigmoidCurve,
  silu: siluCurve,
  softplus: { value: softplus, derivative: logistic },
  swish: siluCurve,
  tanh: { value: Math.tanh, derivative: (x) => 1 - Math.tanh(x) ** 2 },
};

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function normalDistribution(x: number): number {
  return 0.5 * (1 + erf(x * Math.SQRT1_2));
}

function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** A number that a density of 0 takes to 0. */
function finite(x: number): number {
  return Math.abs(x) === Infinity ? 0 : x;
}

function tanhArgument(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
}
