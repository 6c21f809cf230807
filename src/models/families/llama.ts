import type { ConfigReader } from "orrery-lm/formats";
import {
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
import { storageOf } from "../storage/storage-table.ts";

/**
 * Llama: pre-norm with RMSNorm, RoPE, grouped-query attention, SwiGLU, no biases.
 *
 * @see Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export function llama(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const numLayers = config.number("num_hidden_layers");
  const eps = config.positive("rms_norm_eps", 1e-6);
  const std = config.positive("initializer_range", 0.02);
  const headDim = config.has("head_dim")
    ? config.number("head_dim")
    : config.divide("hidden_size", "num_attention_heads");
  const numKeyValueHeads = config.optionalNumber("num_key_value_heads", numHeads);
  const shared = { hiddenSize, std, outputStd: std };

  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps });
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads,
      headDim,
      hasBias: config.boolean("attention_bias", false),
      positions,
      isCausal: true,
    }),
    ffnNorm: norm,
    ffn: new GatedMLP({
      ...shared,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
      hasBias: config.boolean("mlp_bias", false),
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  return { network, storage: storageOf(llamaTensors, network.parameters()) };
}

/** Tensor names of Llama and the many that follow it. */
export const llamaTensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.layers.{i}.self_attn.o_proj": "layers.{i}.attention.output",
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.mlp.gate_proj": "layers.{i}.ffn.gate",
  "model.layers.{i}.mlp.up_proj": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.down_proj": "layers.{i}.ffn.down",
  "model.norm": "finalNorm",
  lm_head: "head",
} as const;
