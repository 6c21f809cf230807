import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LayerNorm,
  PerHeadNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  noPositions,
  parallelNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { layerTypes, windowOf, type LayerType } from "../assembly/layer-types.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { expertTensors } from "./qwen3-moe.ts";

/**
 * Command R: attention and SwiGLU side by side behind one LayerNorm without bias, RoPE that pairs
 * neighbors, tied embeddings, scaled logits. Command R+ normalizes queries and keys, each head with
 * gains of its own.
 *
 * @see Cohere 2024, https://huggingface.co/CohereForAI/c4ai-command-r-v01
 */
export function cohere(config: ConfigReader): Architecture {
  const hasHeadNorms = config.boolean("use_qk_norm", false);
  return commandR(config, () => "full_attention", { hasHeadNorms, isRopeEverywhere: true });
}

/**
 * Command R7B: three layers of four look through a window and have RoPE, the fourth sees everything
 * and has no positions at all.
 *
 * @see Cohere 2025, "Command A", https://arxiv.org/abs/2504.00698
 */
export function cohere2(config: ConfigReader): Architecture {
  const every = config.optionalNumber("sliding_window_pattern", 4);
  const byDefault = (i: number): LayerType =>
    (i + 1) % every === 0 ? "full_attention" : "sliding_attention";
  return commandR(config, byDefault, { hasHeadNorms: false, isRopeEverywhere: false });
}

function commandR(
  config: ConfigReader,
  byDefault: (layer: number) => LayerType,
  { hasHeadNorms, isRopeEverywhere }: { hasHeadNorms: boolean; isRopeEverywhere: boolean },
): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, numHeads, numKeyValueHeads, headDim, std } = sizes;
  const eps = config.positive("layer_norm_eps", 1e-5);
  const rope = ropeFrom(config, { headDim, layout: "interleaved" });
  const norm = new LayerNorm({ size: hiddenSize, eps, hasBias: false });
  const headNorm = (heads: number): PerHeadNorm => new PerHeadNorm({ heads, size: headDim, eps });
  const attention = {
    ...sizes,
    hasBias: config.boolean("attention_bias", false),
    isCausal: true,
    queryKeyNorm: hasHeadNorms
      ? ({
          query: headNorm(numHeads),
          key: headNorm(numKeyValueHeads),
          over: "head",
          place: "before",
        } as const)
      : undefined,
  };
  const window = isRopeEverywhere ? undefined : config.nullable("sliding_window", 4096);
  const ffn = new GatedMLP({
    ...sizes,
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_act", activationNames, "silu"),
    hasBias: false,
  });
  const block = (type: LayerType): TransformerBlock => {
    const positions = isRopeEverywhere || type === "sliding_attention" ? rope : noPositions;
    const own = { positions, window: windowOf(type, window) };
    return new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({ ...attention, ...own }),
      ffn,
      residual: parallelNorm,
    });
  };
  const numLayers = config.number("num_hidden_layers");
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions: rope,
    blocks: layerTypes(config, numLayers, byDefault).map(block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    head: { scale: config.positive("logit_scale", 0.0625) },
    std,
  });
  return { network, storage: storageOf(expertTensors, network.parameters()) };
}
