import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  GatedMLP,
  LearnedEmbedding,
  RMSNorm,
  RotaryEmbedding,
  SelfAttention,
  SinusoidalEmbedding,
  TransformerBlock,
  noPositions,
  preNorm,
  type PositionEncoding,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";

/** The position encodings that a decoder of ours can be built with. */
export const positionEncodingNames = ["none", "sinusoidal", "learned", "rope", "alibi"] as const;

/** One of {@link positionEncodingNames}. */
export type PositionEncodingName = (typeof positionEncodingNames)[number];

/**
 * Orrery's own decoder, for experiments: RMSNorm, SwiGLU, tied embeddings, no biases, and any
 * position encoding (`position_encoding`). Everything else is equal between two that differ there.
 * Parameters are stored under their own names.
 */
export function orrery(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const numLayers = config.number("num_hidden_layers");
  const maxPositions = config.number("max_position_embeddings");
  const eps = config.positive("rms_norm_eps", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  const outputStd = std / Math.sqrt(2 * numLayers);
  const headDim = config.divide("hidden_size", "num_attention_heads");

  const choices: Record<PositionEncodingName, () => PositionEncoding> = {
    none: () => noPositions,
    sinusoidal: () => new SinusoidalEmbedding({ hiddenSize }),
    learned: () => new LearnedEmbedding({ hiddenSize, maxPositions, std }),
    rope: () => new RotaryEmbedding({ headDim }),
    alibi: () => new AlibiBias({ numHeads }),
  };
  const positions = choices[config.choice("position_encoding", positionEncodingNames)]();
  const norm = (): RMSNorm => new RMSNorm({ size: hiddenSize, eps });
  const intermediateSize = config.number("intermediate_size");
  const block = (): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm(),
      attention: new SelfAttention({
        hiddenSize,
        numHeads,
        numKeyValueHeads: numHeads,
        headDim,
        hasBias: false,
        positions,
        isCausal: true,
        std,
        outputStd,
      }),
      ffnNorm: norm(),
      ffn: new GatedMLP({
        hiddenSize,
        intermediateSize,
        activation: "silu",
        hasBias: false,
        std,
        outputStd,
      }),
      residual: preNorm,
    });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, block),
    finalNorm: norm(),
    isTied: true,
    std,
  });
  const storage = Object.keys(network.parameters()).map((name) => ({
    tensor: name,
    parameters: [name],
  }));
  return { network, storage };
}
