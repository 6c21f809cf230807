import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  postNorm,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * OPT: GPT-2 with ReLU and a table of positions whose first two rows nobody reads. The 350M model
 * alone is post-norm, has narrower embeddings with projections around the stack, and no final norm.
 *
 * @see Zhang et al. 2022, https://arxiv.org/abs/2205.01068
 */
export function opt(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const std = config.positive("init_std", 0.02);
  const maxPositions = config.number("max_position_embeddings");
  const embeddingSize = config.optionalNumber("word_embed_proj_dim", hiddenSize);
  const isPreNorm = config.boolean("do_layer_norm_before", true);
  const isFinalNormRemoved = config.boolean("_remove_final_layer_norm", false);
  const hasFinalNorm = isPreNorm && !isFinalNormRemoved;
  const isAffine = config.boolean("layer_norm_elementwise_affine", true);

  const positions = new LearnedEmbedding({ hiddenSize, maxPositions, offset: 2, std });
  const norm = new LayerNorm({
    size: hiddenSize,
    eps: 1e-5,
    gain: isAffine ? "plain" : "none",
    hasBias: isAffine,
  });
  const hasBias = config.boolean("enable_bias", true);
  const shared = { hiddenSize, hasBias, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim: config.divide("hidden_size", "num_attention_heads"),
      positions,
      isCausal: true,
    }),
    ffnNorm: norm,
    ffn: new MLP({
      ...shared,
      intermediateSize: config.number("ffn_dim"),
      activation: config.choice("activation_function", activationNames, "relu"),
    }),
    residual: isPreNorm ? preNorm : postNorm,
  });
  const isProjected = embeddingSize !== hiddenSize;
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingSize,
    projectionPlace: "before",
    projectionHasBias: false,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    finalNorm: hasFinalNorm ? norm : undefined,
    isTied: config.boolean("tie_word_embeddings", true),
    head: {
      transform: isProjected
        ? { outSize: embeddingSize, activation: "linear", hasBias: false }
        : undefined,
    },
    std,
  });
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const tensors = {
  "model.decoder.embed_tokens": "embedding",
  "model.decoder.embed_positions": "positions",
  "model.decoder.project_in": "embeddingProjection",
  "model.decoder.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.decoder.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.decoder.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.decoder.layers.{i}.self_attn.out_proj": "layers.{i}.attention.output",
  "model.decoder.layers.{i}.self_attn_layer_norm": "layers.{i}.attentionNorm",
  "model.decoder.layers.{i}.fc1": "layers.{i}.ffn.up",
  "model.decoder.layers.{i}.fc2": "layers.{i}.ffn.down",
  "model.decoder.layers.{i}.final_layer_norm": "layers.{i}.ffnNorm",
  "model.decoder.final_layer_norm": "finalNorm",
  "model.decoder.project_out": "head.transform",
  lm_head: "head",
};
