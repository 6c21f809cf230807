import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  sandwichNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { layerTypes, windowOf, type LayerType } from "../assembly/layer-types.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { gemma2Tensors } from "./gemma2.ts";

/**
 * Gemma 3: Gemma 2 with queries and keys normalized head by head in place of the soft cap, five
 * layers of six looking through a window, and a base of the rotary frequencies for each kind.
 *
 * @see Gemma Team 2025, https://arxiv.org/abs/2503.19786
 */
export function gemma3(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  config.refuse("use_bidirectional_attention", false);

  const positions = {
    full_attention: ropeFrom(config, { headDim, layerType: "full_attention" }),
    sliding_attention: ropeFrom(config, { headDim, layerType: "sliding_attention" }),
  };
  const eps = config.positive("rms_norm_eps", 1e-6);
  const norm = new RMSNorm({ size: hiddenSize, eps, gain: "offset" });
  const headNorm = new RMSNorm({ size: headDim, eps, gain: "offset" });
  const window = config.optionalNumber("sliding_window", 4096);
  const attention = {
    ...sizes,
    hasBias: config.boolean("attention_bias", false),
    isCausal: true,
    scale: config.positive("query_pre_attn_scalar", 256) ** -0.5,
    queryKeyNorm: { query: headNorm, key: headNorm, over: "head", place: "before" },
  } as const;
  const ffn = new GatedMLP({
    ...sizes,
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_activation", activationNames, "gelu_pytorch_tanh"),
    hasBias: false,
  });
  const block = (type: LayerType): TransformerBlock => {
    const own = { positions: positions[type], window: windowOf(type, window) };
    return new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({ ...attention, ...own }),
      attentionOutputNorm: norm,
      ffnNorm: norm,
      ffn,
      ffnOutputNorm: norm,
      residual: sandwichNorm,
    });
  };
  const pattern = config.firstOf("sliding_window_pattern", "_sliding_window_pattern");
  const every = config.optionalNumber(pattern, 6);
  const types = layerTypes(config, config.number("num_hidden_layers"), (i) =>
    (i + 1) % every === 0 ? "full_attention" : "sliding_attention",
  );
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingScale: Math.sqrt(hiddenSize),
    positions: positions.full_attention,
    blocks: types.map(block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    head: { softCap: config.nullable("final_logit_softcapping") },
    std,
  });
  config.stale("attn_logit_softcapping", "the reference reads it and does nothing with it");
  return { network, storage: storageOf(gemma2Tensors, network.parameters()) };
}
