import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  alibiSlopes,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * MPT: pre-norm with LayerNorm, ALiBi, the exact GELU, no biases at
 * all, not in the norms either. `learned_pos_emb` is on in its files and has no effect beside ALiBi.
 *
 * @see MosaicML 2023, "Introducing MPT-7B", https://www.databricks.com/blog/mpt-7b
 */
export function mpt(config: ConfigReader): Architecture {
  const hiddenSize = config.number("d_model");
  const numHeads = config.number("n_heads");
  const std = config.positive("initializer_range", 0.02);
  const attention = config.nested("attn_config");
  attention.choice("attn_type", ["multihead_attention"], "multihead_attention");
  attention.refuse("alibi", true);
  attention.refuse("prefix_lm", false);
  attention.refuse("qk_ln", false);
  config.refuse("no_bias", true);
  if (config.has("logit_scale"))
    throw new ConfigError("config.json: logit_scale: only null is implemented, remove the key");

  const slopes = alibiSlopes(numHeads);
  const positions = new AlibiBias({ numHeads, slopes });
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const norm = new LayerNorm({ size: hiddenSize, eps, hasBias: false });
  const headDim = config.divide("d_model", "n_heads");
  const shared = { hiddenSize, hasBias: false, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim,
      positions,
      isCausal: true,
      scale: attention.nullable("softmax_scale") ?? 1 / Math.sqrt(headDim),
      clip: attention.nullable("clip_qkv"),
    }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize: 4 * hiddenSize, activation: "gelu" }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("n_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  config.stale("expansion_ratio", "the reference makes the inner width four times the outer");
  if (attention.has("alibi_bias_max") && attention.values["alibi_bias_max"] !== 8)
    attention.stale("alibi_bias_max", "the reference makes its slopes with 8");
  config.stale("learned_pos_emb", "there is no table of positions beside ALiBi");
  config.ignore("embedding_fraction", "init_device", "max_seq_len", "norm_type");
  attention.ignore("attn_impl", "attn_pdrop", "attn_uses_sequence_id");
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const own = "layers.{i}.attention";

const tensors = {
  "transformer.wte": "embedding",
  "transformer.blocks.{i}.norm_1": "layers.{i}.attentionNorm",
  "transformer.blocks.{i}.attn.Wqkv": { parts: [`${own}.query`, `${own}.key`, `${own}.value`] },
  "transformer.blocks.{i}.attn.out_proj": `${own}.output`,
  "transformer.blocks.{i}.norm_2": "layers.{i}.ffnNorm",
  "transformer.blocks.{i}.ffn.up_proj": "layers.{i}.ffn.up",
  "transformer.blocks.{i}.ffn.down_proj": "layers.{i}.ffn.down",
  "transformer.norm_f": "finalNorm",
  lm_head: "head",
};
