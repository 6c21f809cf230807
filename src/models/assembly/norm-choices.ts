/** The norms, placements and first weights that a decoder of ours can be built with. */

import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  RMSNorm,
  branchNorm,
  deepNorm,
  deepNormCoefficients,
  deepNormInitializers,
  glmDeepNorm,
  glmDeepNormCoefficients,
  normedStream,
  parallelNorm,
  parallelNorms,
  postNorm,
  preNorm,
  sandwichNorm,
  smallInitializers,
  t5Initializers,
  truncatedInitializers,
  type DeepNormCoefficients,
  type InitializationScheme,
  type Norm,
  type ResidualTopology,
} from "orrery-lm/nn";

/** The norm that `norm` names; every norm of the model is one. */
export function normChoice(config: ConfigReader, size: number): Norm {
  const eps = config.positive("rms_norm_eps", 1e-5);
  const norms: Record<string, () => Norm> = {
    rms_norm: () => new RMSNorm({ size, eps }),
    layer_norm: () => new LayerNorm({ size, eps }),
    layer_norm_without_bias: () => new LayerNorm({ size, eps, hasBias: false }),
    rms_norm_without_gain: () => new RMSNorm({ size, eps, gain: "none" }),
    layer_norm_without_gain: () => new LayerNorm({ size, eps, gain: "none", hasBias: false }),
    // The share that the paper measured most.
    partial_rms_norm: () => new RMSNorm({ size, eps, measured: Math.max(1, Math.ceil(size / 16)) }),
  };
  return norms[config.choice("norm", Object.keys(norms), "rms_norm")]!();
}

/** Where norms stand in a block, and which of a network's norms there are. */
export interface Placement {
  readonly residual: ResidualTopology;
  /** Before sublayers, or behind the sum. */
  readonly input: boolean;
  /** Behind sublayers. */
  readonly output: boolean;
  /** Whether the second sublayer has its own. */
  readonly second: boolean;
  readonly final: boolean;
  /** What DeepNorm sets by depth, where it does. */
  readonly coefficients?: DeepNormCoefficients;
}

/** The placement that `norm_placement` names. */
export function placementChoice(config: ConfigReader, layers: number): Placement {
  const before = { input: true, output: false, second: true, final: true };
  const deep = deepNormCoefficients({ decoderLayers: layers }).decoder!;
  const glm = glmDeepNormCoefficients(layers);
  const placements: Record<string, Placement> = {
    pre: { ...before, residual: preNorm },
    post: { ...before, residual: postNorm, final: false },
    sandwich: { ...before, residual: sandwichNorm, output: true },
    branch: { ...before, residual: branchNorm, input: false, output: true },
    parallel: { ...before, residual: parallelNorm, second: false },
    "parallel-two": { ...before, residual: parallelNorms },
    "normed-stream": { ...before, residual: normedStream },
    deep: { ...before, residual: deepNorm(deep.alpha), final: false, coefficients: deep },
    "deep-glm": { ...before, residual: glmDeepNorm(glm.alpha), coefficients: glm },
  };
  return placements[config.choice("norm_placement", Object.keys(placements), "pre")]!;
}

/**
 * How `initializer` says that weights start; undefined: as the parts say, which is GPT-2's way.
 * DeepNorm's placements start in DeepNorm's way unless something else is said.
 */
export function initializerChoice(
  config: ConfigReader,
  { placement, layers, std }: { placement: Placement; layers: number; std: number },
): InitializationScheme | undefined {
  const hiddenSize = config.number("hidden_size");
  const headDim = config.divide("hidden_size", "num_attention_heads");
  const schemes: Record<string, () => InitializationScheme | undefined> = {
    gpt2: () => undefined,
    small: () => smallInitializers(layers, hiddenSize),
    truncated: () => truncatedInitializers(std),
    t5: () => t5Initializers({ hiddenSize, headDim }),
    xavier: () => deepNormInitializers({}),
    deep_norm: () =>
      deepNormInitializers(
        placement.coefficients
          ? { decoder: placement.coefficients }
          : deepNormCoefficients({ decoderLayers: layers }),
      ),
  };
  const own = placement.coefficients ? "deep_norm" : "gpt2";
  return schemes[config.choice("initializer", Object.keys(schemes), own)]!();
}
