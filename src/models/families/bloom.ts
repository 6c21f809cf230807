import type { ConfigReader } from "orrery-lm/formats";
import { AlibiBias, LayerNorm, MLP, SelfAttention, TransformerBlock, preNorm } from "orrery-lm/nn";
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
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("n_head");
  const numLayers = config.number("n_layer");
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  config.refuse("apply_residual_connection_post_layernorm", false);
  config.refuse("tie_word_embeddings", true);

  const positions = new AlibiBias({ numHeads });
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const heads = {
    numHeads,
    numKeyValueHeads: numHeads,
    headDim: config.divide("hidden_size", "n_head"),
  };
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const intermediateSize = 4 * hiddenSize;
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...shared, ...heads, positions, isCausal: true }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize, activation: "gelu_pytorch_tanh" }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    embeddingNorm: norm,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: norm,
    isTied: true,
    std,
  });
  return { network, storage: storageOf(tensors(numHeads), network.parameters()) };
}

const attention = "layers.{i}.attention";

const tensors = (heads: number): StorageTable => ({
  "transformer.word_embeddings": "embedding",
  "transformer.word_embeddings_layernorm": "embeddingNorm",
  "transformer.h.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "transformer.h.{i}.self_attention.query_key_value": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
    heads,
  },
  "transformer.h.{i}.self_attention.dense": `${attention}.output`,
  "transformer.h.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "transformer.h.{i}.mlp.dense_h_to_4h": "layers.{i}.ffn.up",
  "transformer.h.{i}.mlp.dense_4h_to_h": "layers.{i}.ffn.down",
  "transformer.ln_f": "finalNorm",
});
