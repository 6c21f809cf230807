import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  normedStream,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * BLOOM: pre-norm with LayerNorm, a norm on the embeddings, ALiBi, an MLP with the tanh GELU,
 * biases everywhere, tied embeddings. Files store query, key and value head by head in one tensor.
 *
 * @see BigScience Workshop 2022, https://arxiv.org/abs/2211.05100
 */
export function bloom(config: ConfigReader): Architecture {
  const [width, heads] = [
    config.firstOf("hidden_size", "n_embed"),
    config.firstOf("n_head", "num_attention_heads"),
  ];
  const [hiddenSize, numHeads] = [config.number(width), config.number(heads)];
  const numLayers = config.number(config.firstOf("n_layer", "num_hidden_layers"));
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  const isNormed = config.boolean("apply_residual_connection_post_layernorm", false);

  const positions = new AlibiBias({ numHeads });
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const attention = {
    numHeads,
    numKeyValueHeads: numHeads,
    headDim: config.divide(width, heads),
  };
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const intermediateSize = 4 * hiddenSize;
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...shared, ...attention, positions, isCausal: true }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize, activation: "gelu_pytorch_tanh" }),
    residual: isNormed ? normedStream : preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    embeddingNorm: norm,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  return { network, storage: storageOf(tensors(numHeads), network.parameters()) };
}

const own = "layers.{i}.attention";

const tensors = (heads: number): StorageTable => ({
  "transformer.word_embeddings": "embedding",
  "transformer.word_embeddings_layernorm": "embeddingNorm",
  "transformer.h.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "transformer.h.{i}.self_attention.query_key_value": {
    parts: [`${own}.query`, `${own}.key`, `${own}.value`],
    heads,
  },
  "transformer.h.{i}.self_attention.dense": `${own}.output`,
  "transformer.h.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "transformer.h.{i}.mlp.dense_h_to_4h": "layers.{i}.ffn.up",
  "transformer.h.{i}.mlp.dense_4h_to_h": "layers.{i}.ffn.down",
  "transformer.ln_f": "finalNorm",
  lm_head: "head",
});
