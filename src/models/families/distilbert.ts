import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  postNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { encoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";

/**
 * DistilBERT: half of BERT's layers, no token types. Where the file asks for sinusoidal positions,
 * their numbers are in its table.
 *
 * @see Sanh et al. 2019, https://arxiv.org/abs/1910.01108
 */
export function distilbert(config: ConfigReader): Architecture {
  const hiddenSize = config.number("dim");
  const numHeads = config.number("n_heads");
  const std = config.positive("initializer_range", 0.02);
  const activation = config.choice("activation", activationNames, "gelu");
  const maxPositions = config.number("max_position_embeddings");
  config.ignore("sinusoidal_pos_embds");

  const positions = new LearnedEmbedding({ hiddenSize, maxPositions, std });
  const norm = new LayerNorm({ size: hiddenSize, eps: 1e-12 });
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const heads = { numHeads, numKeyValueHeads: numHeads, headDim: config.divide("dim", "n_heads") };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...shared, ...heads, positions, isCausal: false }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize: config.number("hidden_dim"), activation }),
    residual: postNorm,
  });
  const network = encoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    embeddingNorm: norm,
    blocks: Array.from({ length: config.number("n_layers") }, () => block),
    isTied: config.boolean("tie_word_embeddings", true),
    head: { hasBias: true, transform: { outSize: hiddenSize, activation, norm } },
    paddingId: config.has("pad_token_id") ? config.count("pad_token_id", 0) : undefined,
    std,
  });
  const names = {
    embedding: "distilbert.embeddings.word_embeddings",
    bias: "vocab_projector.bias",
    decoder: "vocab_projector",
  };
  const tensors = { ...distilbertTensors, ...headTensors(names, network) };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [/\.position_ids$/],
  };
}

const layer = "distilbert.transformer.layer.{i}";

const distilbertTensors = {
  "distilbert.embeddings.position_embeddings": "positions",
  "distilbert.embeddings.LayerNorm": "embeddingNorm",
  [`${layer}.attention.q_lin`]: "layers.{i}.attention.query",
  [`${layer}.attention.k_lin`]: "layers.{i}.attention.key",
  [`${layer}.attention.v_lin`]: "layers.{i}.attention.value",
  [`${layer}.attention.out_lin`]: "layers.{i}.attention.output",
  [`${layer}.sa_layer_norm`]: "layers.{i}.attentionNorm",
  [`${layer}.ffn.lin1`]: "layers.{i}.ffn.up",
  [`${layer}.ffn.lin2`]: "layers.{i}.ffn.down",
  [`${layer}.output_layer_norm`]: "layers.{i}.ffnNorm",
  vocab_transform: "head.transform",
  vocab_layer_norm: "head.norm",
};
