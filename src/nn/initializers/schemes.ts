/** How the papers start a transformer: an initializer for each parameter, by its name and shape. */

import type { Initializer, ParameterSpec, ParameterSpecs } from "../part.ts";
import type { DeepNormCoefficients } from "../residuals/deep-norm.ts";
import { fansOf, xavierNormal } from "./fans.ts";

/** What a parameter starts as; undefined: as its part says. */
export type InitializationScheme = (name: string, spec: ParameterSpec) => Initializer | undefined;

/** Declarations, started by a scheme if there is one. */
export function initializedBy(
  specs: ParameterSpecs,
  scheme: InitializationScheme | undefined,
): ParameterSpecs {
  if (!scheme) return specs;
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { ...spec, init: scheme(name, spec) ?? spec.init },
    ]),
  );
}

const isMatrix = ({ shape }: ParameterSpec): boolean => shape.length === 2;
/** What lies in a layer: embeddings, positions and heads do not. */
const isInLayer = (name: string): boolean => /(^|\.)layers\.\d+\./.test(name);
/** What writes to the residual stream. */
const writes = (name: string): boolean =>
  /(attention|Attention)\.output\.weight$|\.down\.weight$/.test(name);
const normal = (std: number): Initializer => ({ type: "normal", std });

/**
 * GPT-2's: every matrix and table alike, but those that write to the stream smaller by its number of
 * sums, two a layer. Megatron, Llama's pretraining code and most decoders since do the same.
 *
 *     std      and      std / √(2N)
 *
 * @param layers N
 * @see Radford et al. 2019, §2.3
 */
export function gpt2Initializers(layers: number, std = 0.02): InitializationScheme {
  return (name, spec) => {
    if (!isMatrix(spec)) return undefined;
    return normal(isInLayer(name) && writes(name) ? std / Math.sqrt(2 * layers) : std);
  };
}

/**
 * Small Init with Wang's output: GPT-J's and GPT-NeoX's.
 *
 *     √(2 / 5C)      and, where the stream is written to,      2 / (N·√C)
 *
 * @param layers N
 * @param hiddenSize C
 * @see Nguyen & Salazar 2019, §2.2, https://arxiv.org/abs/1910.05895
 * @see Black et al. 2022, §2.1, https://arxiv.org/abs/2204.06745
 */
export function smallInitializers(layers: number, hiddenSize: number): InitializationScheme {
  return (name, spec) => {
    if (!isMatrix(spec)) return undefined;
    const isOutput = isInLayer(name) && writes(name);
    return normal(isOutput ? 2 / layers / Math.sqrt(hiddenSize) : Math.sqrt(2 / (5 * hiddenSize)));
  };
}

/**
 * DeepNorm's: Xavier with the gain β for values, attention outputs and feed-forward networks, and 1
 * for queries and keys. β is the gain, and not what weights are divided by.
 *
 * A network of two stacks has coefficients for each; parameters of the encoder have `encoder.` before
 * their names.
 *
 *     std = β·√(2 / (in + out))
 *
 * @see Wang et al. 2022, Figure 2, https://arxiv.org/abs/2203.00555
 */
export function deepNormInitializers({
  encoder,
  decoder = encoder,
}: {
  encoder?: DeepNormCoefficients;
  decoder?: DeepNormCoefficients;
}): InitializationScheme {
  return (name, spec) => {
    if (!isMatrix(spec) || !isInLayer(name)) return undefined;
    const beta = (name.startsWith("encoder.") ? encoder : decoder)?.beta ?? 1;
    return xavierNormal(fansOf(spec.shape), /\.(query|key)\.weight$/.test(name) ? 1 : beta);
  };
}

/**
 * T5's, from Mesh TensorFlow: by the width that a matrix reads. Queries are smaller by √D, which is
 * why T5 does not divide its scores by √D.
 *
 *     queries                 factor / √(C·D)
 *     keys, values, gate, up  factor / √C
 *     output, down            factor / √in
 *     tokens, untied head     factor
 *     position buckets        factor / √C
 *
 * @see Raffel et al. 2019, https://arxiv.org/abs/1910.10683
 */
export function t5Initializers({
  hiddenSize,
  headDim,
  factor = 1,
}: {
  hiddenSize: number;
  headDim: number;
  factor?: number;
}): InitializationScheme {
  return (name, spec) => {
    if (!isMatrix(spec)) return undefined;
    if (name === "embedding.weight" || name === "head.weight") return normal(factor);
    if (name.endsWith("query.weight")) return normal(factor / Math.sqrt(hiddenSize * headDim));
    if (/(positions|relative)\.weight$/.test(name)) return normal(factor / Math.sqrt(hiddenSize));
    return normal(factor / Math.sqrt(fansOf(spec.shape).fanIn));
  };
}

/**
 * OLMo's and most later ones: normal numbers cut off at three deviations, the same for all matrices.
 *
 * @see Groeneveld et al. 2024, https://arxiv.org/abs/2402.00838
 */
export function truncatedInitializers(std: number): InitializationScheme {
  return (_, spec) =>
    isMatrix(spec) ? { type: "truncated-normal", std, bound: 3 * std } : undefined;
}
