import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  GatedMLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { ffnTensors } from "./qwen3-moe.ts";

/**
 * Baichuan: Llama without groups of heads, with query, key and value in one tensor. 7B has RoPE; 13B
 * has ALiBi, and its config.json, which has no key for that, no `max_position_embeddings` either.
 *
 * @see Baichuan Inc. 2023, https://github.com/baichuan-inc/Baichuan-13B
 */
export function baichuan(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const std = config.positive("initializer_range", 0.02);
  const headDim = config.divide("hidden_size", "num_attention_heads");
  const shared = { hiddenSize, hasBias: false, std, outputStd: std };
  const positions = config.has("max_position_embeddings")
    ? ropeFrom(config, { headDim })
    : new AlibiBias({ numHeads });
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1e-6) });
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim,
      positions,
      isCausal: true,
    }),
    ffnNorm: norm,
    ffn: new GatedMLP({
      ...shared,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
    }),
    residual: preNorm,
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
  config.ignore("_from_model_config", "auto_map", "gradient_checkpointing", "model_max_length");
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const own = "layers.{i}.attention";

const tensors: StorageTable = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.W_pack": { parts: [`${own}.query`, `${own}.key`, `${own}.value`] },
  "model.layers.{i}.self_attn.o_proj": `${own}.output`,
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  ...ffnTensors,
  "model.norm": "finalNorm",
  lm_head: "head",
};
