import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  CausalLM,
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  preNorm,
} from "orrery-lm/nn";
import { queryKeyValue, renamed, weightAndBias, type Architecture } from "./architecture.ts";
import type { StorageEntry } from "./storage.ts";

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
  const norm = (): LayerNorm => new LayerNorm({ size: hiddenSize, eps });
  const headDim = config.divide("hidden_size", "n_head");
  const block = (): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm(),
      attention: new SelfAttention({
        hiddenSize,
        numHeads,
        numKeyValueHeads: numHeads,
        headDim,
        hasBias: true,
        positions,
        isCausal: true,
        std,
        outputStd: std,
      }),
      ffnNorm: norm(),
      ffn: new MLP({
        hiddenSize,
        intermediateSize: 4 * hiddenSize,
        activation: "gelu_pytorch_tanh",
        hasBias: true,
        std,
        outputStd: std,
      }),
      residual: preNorm,
    });
  const network = new CausalLM({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    embeddingNorm: norm(),
    blocks: Array.from({ length: numLayers }, block),
    finalNorm: norm(),
    tieWordEmbeddings: true,
    std,
  });
  const storage = [
    { tensor: "transformer.word_embeddings.weight", parameters: ["embedding.weight"] },
    ...renamed("transformer.word_embeddings_layernorm", "embeddingNorm", weightAndBias),
    ...Array.from({ length: numLayers }, (_, i) => layerStorage(i, numHeads)).flat(),
    ...renamed("transformer.ln_f", "finalNorm", weightAndBias),
  ];
  return { network, storage };
}

function layerStorage(i: number, heads: number): StorageEntry[] {
  const [file, layer] = [`transformer.h.${i}`, `layers.${i}`];
  const fused = `${file}.self_attention.query_key_value`;
  return [
    ...renamed(`${file}.input_layernorm`, `${layer}.attentionNorm`, weightAndBias),
    { tensor: `${fused}.weight`, parameters: queryKeyValue(layer, "weight"), heads },
    { tensor: `${fused}.bias`, parameters: queryKeyValue(layer, "bias"), heads },
    ...renamed(`${file}.self_attention.dense`, `${layer}.attention.output`, weightAndBias),
    ...renamed(`${file}.post_attention_layernorm`, `${layer}.ffnNorm`, weightAndBias),
    ...renamed(`${file}.mlp.dense_h_to_4h`, `${layer}.ffn.up`, weightAndBias),
    ...renamed(`${file}.mlp.dense_4h_to_h`, `${layer}.ffn.down`, weightAndBias),
  ];
}
