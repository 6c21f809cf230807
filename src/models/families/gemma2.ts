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
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Gemma 2: Gemma with sandwich norms, every other layer looking through a window, soft-capped
 * scores and logits, and a scale of the scores that is a key of its own.
 *
 * @see Gemma Team 2024, https://arxiv.org/abs/2408.00118
 */
export function gemma2(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, std } = sizes;
  config.refuse("use_bidirectional_attention", false);

  const positions = ropeFrom(config, { headDim: sizes.headDim });
  const eps = config.positive("rms_norm_eps", 1e-6);
  const norm = new RMSNorm({ size: hiddenSize, eps, gain: "offset" });
  const window = config.optionalNumber("sliding_window", 4096);
  const attention = {
    ...sizes,
    hasBias: config.boolean("attention_bias", false),
    positions,
    isCausal: true,
    scale: config.positive("query_pre_attn_scalar", 256) ** -0.5,
    softCap: config.nullable("attn_logit_softcapping", 50),
  };
  const ffn = new GatedMLP({
    ...sizes,
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_activation", activationNames, "gelu_pytorch_tanh"),
    hasBias: false,
  });
  const block = (type: LayerType): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({ ...attention, window: windowOf(type, window) }),
      attentionOutputNorm: norm,
      ffnNorm: norm,
      ffn,
      ffnOutputNorm: norm,
      residual: sandwichNorm,
    });
  const types = layerTypes(config, config.number("num_hidden_layers"), (i) =>
    i % 2 === 0 ? "sliding_attention" : "full_attention",
  );
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingScale: Math.sqrt(hiddenSize),
    positions,
    blocks: types.map(block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    head: { softCap: config.nullable("final_logit_softcapping", 30) },
    std,
  });
  return { network, storage: storageOf(gemma2Tensors, network.parameters()) };
}

/** Tensor names of Gemma 2 and 3. */
export const gemma2Tensors: StorageTable = {
  ...llamaTensors,
  "model.layers.{i}.self_attn.q_norm": "layers.{i}.attention.queryNorm",
  "model.layers.{i}.self_attn.k_norm": "layers.{i}.attention.keyNorm",
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.attentionOutputNorm",
  "model.layers.{i}.pre_feedforward_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.post_feedforward_layernorm": "layers.{i}.ffnOutputNorm",
};
