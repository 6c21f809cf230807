/** First weights by a matrix's width: PyTorch's `nn.init`, as declarations. */

import type { Initializer } from "../part.ts";

/** How many numbers a matrix [out, in] reads and gives. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The fans of a matrix [out, in]. */
export function fansOf(shape: readonly number[]): Fans {
  const [fanOut = 1, fanIn = fanOut] = shape;
  return { fanIn, fanOut };
}

/**
 * Normal numbers whose variance keeps both signals and gradients in size; a smaller gain multiplies
 * the deviation (DeepNorm's β is such a gain).
 *
 *     std = gain·√(2 / (in + out))
 *
 * @see Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html
 */
export function xavierNormal({ fanIn, fanOut }: Fans, gain = 1): Initializer {
  return { type: "normal", std: gain * Math.sqrt(2 / (fanIn + fanOut)) };
}

/** The same deviation, evenly: `limit = gain·√(6 / (in + out))`. @see {@link xavierNormal} */
export function xavierUniform({ fanIn, fanOut }: Fans, gain = 1): Initializer {
  return { type: "uniform", limit: gain * Math.sqrt(6 / (fanIn + fanOut)) };
}

/**
 * Normal numbers that keep a signal in size on its way through an activation.
 *
 *     std = gain / √in      gain = √2 for ReLU
 *
 * @see He et al. 2015, https://arxiv.org/abs/1502.01852
 */
export function kaimingNormal({ fanIn }: Fans, gain: number = Math.SQRT2): Initializer {
  return { type: "normal", std: gain / Math.sqrt(fanIn) };
}

/**
 * The same deviation, evenly: `limit = gain·√(3 / in)`. PyTorch starts a `Linear` so with the gain
 * √(1/3), that is from -1/√in to 1/√in.
 */
export function kaimingUniform({ fanIn }: Fans, gain: number = Math.SQRT2): Initializer {
  return { type: "uniform", limit: gain * Math.sqrt(3 / fanIn) };
}

/** The gains that PyTorch's `calculate_gain` knows. */
export const initialGains: Readonly<
  Record<"linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu", number>
> = {
  linear: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leaky_relu: Math.sqrt(2 / (1 + 0.01 ** 2)),
  selu: 3 / 4,
};

/** The standard deviation of what is drawn; of a truncated normal, that of the normal. */
export function deviationOf(init: Initializer): number {
  if ("std" in init) return init.std;
  return init.type === "uniform" ? init.limit / Math.sqrt(3) : 0;
}
