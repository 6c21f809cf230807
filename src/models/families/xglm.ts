import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  MLP,
  SelfAttention,
  SinusoidalEmbedding,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * XGLM: pre-norm with LayerNorm, fixed sinusoids from position 2 on, all sines before all cosines.
 *
 * @see Lin et al. 2021, https://arxiv.org/abs/2112.10668
 */
export function xglm(config: ConfigReader): Architecture {
  const hiddenSize = config.number("d_model");
  const numHeads = config.number("attention_heads");
  const std = config.positive("init_std", 0.02);
  config.refuse("add_cross_attention", false);
  const scale = config.boolean("scale_embedding", true) ? Math.sqrt(hiddenSize) : 1;
  const positions = new SinusoidalEmbedding({ hiddenSize, layout: "halves", offset: 2, scale });
  const norm = new LayerNorm({ size: hiddenSize, eps: 1e-5 });
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim: config.divide("d_model", "attention_heads"),
      positions,
      isCausal: true,
    }),
    ffnNorm: norm,
    ffn: new MLP({
      ...shared,
      intermediateSize: config.number("ffn_dim"),
      activation: config.choice("activation_function", activationNames, "gelu"),
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("num_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const tensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.layers.{i}.self_attn.out_proj": "layers.{i}.attention.output",
  "model.layers.{i}.self_attn_layer_norm": "layers.{i}.attentionNorm",
  "model.layers.{i}.fc1": "layers.{i}.ffn.up",
  "model.layers.{i}.fc2": "layers.{i}.ffn.down",
  "model.layers.{i}.final_layer_norm": "layers.{i}.ffnNorm",
  "model.layer_norm": "finalNorm",
  lm_head: "head",
};
