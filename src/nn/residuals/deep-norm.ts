import { add, multiply, scalar } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { ResidualTopology } from "./residual-topology.ts";

/** What DeepNorm sets by depth. */
export interface DeepNormCoefficients {
  /** Multiplies the stream where a sublayer's result joins it. */
  readonly alpha: number;
  /** The gain of the first weights of values, attention outputs and feed-forward networks. */
  readonly beta: number;
}

/**
 * DeepNorm's coefficients for a network of `encoderLayers` N, `decoderLayers` M, or both.
 *
 *     one stack of N    α = (2N)^(1/4)               β = (8N)^(-1/4)
 *     both: encoder     α = 0.81 (N⁴M)^(1/16)        β = 0.87 (N⁴M)^(-1/16)
 *     both: decoder     α = (3M)^(1/4)               β = (12M)^(-1/4)
 *
 * They bound how far a first step moves the output, whatever the depth: 4N·β²/α² = 1 in one stack.
 * torchscale divides by where the paper multiplies, and so has 1.15 in the place of 0.87.
 *
 * @see Wang et al. 2022, Figure 2, https://arxiv.org/abs/2203.00555
 */
export function deepNormCoefficients({
  encoderLayers = 0,
  decoderLayers = 0,
}: {
  encoderLayers?: number;
  decoderLayers?: number;
}): { encoder?: DeepNormCoefficients; decoder?: DeepNormCoefficients } {
  const [n, m] = [encoderLayers, decoderLayers];
  const alone = (layers: number): DeepNormCoefficients => ({
    alpha: (2 * layers) ** (1 / 4),
    beta: (8 * layers) ** (-1 / 4),
  });
  if (m === 0) return n === 0 ? {} : { encoder: alone(n) };
  if (n === 0) return { decoder: alone(m) };
  const depth = (n ** 4 * m) ** (1 / 16);
  return {
    encoder: { alpha: 0.81 * depth, beta: 0.87 / depth },
    decoder: { alpha: (3 * m) ** (1 / 4), beta: (12 * m) ** (-1 / 4) },
  };
}

/**
 * GLM's coefficients for `layers` N, which are not the paper's: powers of a half.
 *
 *     α = (2N)^(1/2)      β = (2N)^(-1/2)
 *
 * @see Zeng et al. 2022, §2.1, https://arxiv.org/abs/2210.02414
 */
export function glmDeepNormCoefficients(layers: number): DeepNormCoefficients {
  return { alpha: Math.sqrt(2 * layers), beta: 1 / Math.sqrt(2 * layers) };
}

/**
 * DeepNorm: post-norm with a heavier stream. Alpha stands at the stream and not at the sublayer;
 * with 1 it is post-norm. Its weights must start with the gain β, see `deepNormInitializers`.
 *
 *     norm(αx + f(x))
 *
 * @see Wang et al. 2022, §4, https://arxiv.org/abs/2203.00555
 */
export function deepNorm(alpha: number): ResidualTopology {
  return {
    describe: () => describePart("DeepNorm", { alpha }, "norm(αx + f(x))"),
    join: (x, branches) =>
      branches.reduce(
        (stream, { norm, sublayer }) =>
          norm(add(multiply(stream, scalar(alpha)), sublayer(stream))),
        x,
      ),
  };
}

/**
 * DeepNorm as in GLM-130B, ChatGLM-6B and MiniMax-Text-01: the normalized input is what a sublayer
 * reads and, times alpha, what its result is added to. Nothing normalizes the sum before the next
 * sublayer does, so a final norm is needed.
 *
 *     α·norm(x) + f(norm(x))
 *
 * @see Zeng et al. 2022, https://arxiv.org/abs/2210.02414
 */
export function glmDeepNorm(alpha: number): ResidualTopology {
  return {
    describe: () => describePart("DeepNorm as in GLM", { alpha }, "α·norm(x) + f(norm(x))"),
    join: (x, branches) =>
      branches.reduce((stream, { norm, sublayer }) => {
        const h = norm(stream);
        return add(multiply(h, scalar(alpha)), sublayer(h));
      }, x),
  };
}
