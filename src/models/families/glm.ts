import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
  sandwichNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * GLM: Llama with biases on queries, keys and values, RoPE on the first half of each head's channels
 * and with neighbors paired, gate and value of the feed-forward network in one tensor.
 *
 * @see GLM Team 2024, https://arxiv.org/abs/2406.12793
 */
export function glm(config: ConfigReader): Architecture {
  return build(config, false);
}

/**
 * GLM-4-0414: GLM with sandwich norms. `post_attention_layernorm` stands before the feed-forward
 * network there; the norm behind attention is `post_self_attn_layernorm`.
 *
 * @see GLM Team 2024, https://arxiv.org/abs/2406.12793
 */
export function glm4(config: ConfigReader): Architecture {
  return build(config, true);
}

function build(config: ConfigReader, isSandwich: boolean): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const positions = ropeFrom(config, { headDim, layout: "interleaved", partial: 0.5 });
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1.5625e-7) });
  const outputNorm = isSandwich ? norm : undefined;
  const hasBias = config.boolean("attention_bias", true);
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...sizes,
      hasBias,
      hasOutputBias: false,
      positions,
      isCausal: true,
    }),
    attentionOutputNorm: outputNorm,
    ffnNorm: norm,
    ffn: new GatedMLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
      hasBias: false,
    }),
    ffnOutputNorm: outputNorm,
    residual: isSandwich ? sandwichNorm : preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const own = "layers.{i}.attention";

const tensors: StorageTable = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.q_proj": `${own}.query`,
  "model.layers.{i}.self_attn.k_proj": `${own}.key`,
  "model.layers.{i}.self_attn.v_proj": `${own}.value`,
  "model.layers.{i}.self_attn.o_proj": `${own}.output`,
  "model.layers.{i}.post_self_attn_layernorm": "layers.{i}.attentionOutputNorm",
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.mlp.gate_up_proj": { parts: ["layers.{i}.ffn.gate", "layers.{i}.ffn.up"] },
  "model.layers.{i}.mlp.down_proj": "layers.{i}.ffn.down",
  "model.layers.{i}.post_mlp_layernorm": "layers.{i}.ffnOutputNorm",
  "model.norm": "finalNorm",
  lm_head: "head",
};
