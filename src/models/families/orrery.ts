import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LearnedSwish,
  MLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  learnedXielu,
  type Activation,
  type FFN,
  type LearnedActivation,
  type QueryKeyNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { initializerChoice, normChoice, placementChoice } from "../assembly/norm-choices.ts";
import { positionChoice, positionsByLayer } from "../assembly/position-choices.ts";

/**
 * Orrery's own decoder, for experiments: every part is a choice in config.json, and two models that
 * differ in one choice are equal in everything else. Embeddings are tied, there are no biases but
 * those of norms, and parameters are stored under their own names.
 *
 * - `position_encoding`: see {@link positionChoice}; `no_position_layers`: see {@link positionsByLayer}
 * - `norm`: see {@link normChoice}; `norm_placement`: see {@link placementChoice}
 * - `embedding_norm`: whether the same norm stands behind the embeddings; `qk_norm`: RMSNorm of
 *   queries and keys over each `head` or the `width`, `none` by default
 * - `ffn`: `gated` (default), `mlp`
 * - `hidden_act`: any activation, `silu` by default, or `learned_swish`, `xielu`
 * - `initializer`: see {@link initializerChoice}
 */
export function orrery(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const numLayers = config.number("num_hidden_layers");
  const std = config.positive("initializer_range", 0.02);
  const outputStd = std / Math.sqrt(2 * numLayers);
  const headDim = config.divide("hidden_size", "num_attention_heads");

  const choice = positionChoice(config, { hiddenSize, numHeads, headDim, std });
  const norm = normChoice(config, hiddenSize);
  const placement = placementChoice(config, numLayers);
  const initializers = initializerChoice(config, { placement, layers: numLayers, std });
  const intermediateSize = config.number("intermediate_size");
  const ffnOptions = {
    hiddenSize,
    intermediateSize,
    activation: activationChoice(config, intermediateSize),
    hasBias: false,
    std,
    outputStd,
  };
  const ffns: Record<string, () => FFN> = {
    gated: () => new GatedMLP(ffnOptions),
    mlp: () => new MLP(ffnOptions),
  };
  const ffn = ffns[config.choice("ffn", Object.keys(ffns), "gated")]!();
  const blocks = positionsByLayer(config, choice, numLayers).map(
    ({ positions, relative }) =>
      new TransformerBlock({
        attentionNorm: placement.input ? norm : undefined,
        attention: new SelfAttention({
          hiddenSize,
          numHeads,
          numKeyValueHeads: numHeads,
          headDim,
          hasBias: false,
          positions,
          relative,
          queryKeyNorm: queryKeyNormChoice(config, { headDim, hiddenSize }),
          isCausal: true,
          std,
          outputStd,
        }),
        attentionOutputNorm: placement.output ? norm : undefined,
        ffnNorm: placement.input && placement.second ? norm : undefined,
        ffn,
        ffnOutputNorm: placement.output ? norm : undefined,
        residual: placement.residual,
      }),
  );
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions: choice.positions,
    blocks,
    embeddingNorm: config.boolean("embedding_norm", false) ? norm : undefined,
    finalNorm: placement.final ? norm : undefined,
    isTied: true,
    std,
    initializers,
  });
  const storage = Object.keys(network.parameters()).map((name) => ({
    tensor: name,
    parameters: [name],
  }));
  return { network, storage };
}

function queryKeyNormChoice(
  config: ConfigReader,
  { headDim, hiddenSize }: { headDim: number; hiddenSize: number },
): QueryKeyNorm | undefined {
  const over = config.choice("qk_norm", ["none", "head", "width"], "none");
  if (over === "none") return undefined;
  const eps = config.positive("rms_norm_eps", 1e-5);
  const norm = new RMSNorm({ size: over === "head" ? headDim : hiddenSize, eps });
  return { query: norm, key: norm, over, place: "before" };
}

function activationChoice(config: ConfigReader, size: number): Activation | LearnedActivation {
  const learned: Record<string, LearnedActivation> = {
    learned_swish: new LearnedSwish(size),
    xielu: learnedXielu,
  };
  const name = config.choice("hidden_act", [...activationNames, ...Object.keys(learned)], "silu");
  return learned[name] ?? (name as Activation);
}
