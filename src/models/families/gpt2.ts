import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * GPT-2: pre-norm with LayerNorm, learned positions, an MLP with the tanh GELU, biases everywhere,
 * tied embeddings. Files store linear weights as [in, out] and query, key and value in one tensor.
 *
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"
 */
export function gpt2(config: ConfigReader): Architecture {
  const hiddenSize = config.number("n_embd");
  const numHeads = config.number("n_head");
  const numLayers = config.number("n_layer");
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  const outputStd = std / Math.sqrt(2 * numLayers); // GPT-2 scales what writes to the stream
  const isScaled = config.boolean("scale_attn_weights", true);
  const isScaledByLayer = config.boolean("scale_attn_by_inverse_layer_idx", false);
  config.refuse("add_cross_attention", false);

  const maxPositions = config.number("n_positions");
  const positions = new LearnedEmbedding({ hiddenSize, maxPositions, std });
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const heads = {
    numHeads,
    numKeyValueHeads: numHeads,
    headDim: config.divide("n_embd", "n_head"),
  };
  const intermediateSize = config.optionalNumber("n_inner", 4 * hiddenSize);
  const activation = config.choice("activation_function", activationNames, "gelu_new");
  const shared = { hiddenSize, hasBias: true, std, outputStd };
  const ffn = new MLP({ ...shared, intermediateSize, activation });
  const block = (i: number): TransformerBlock => {
    const scale = (isScaled ? heads.headDim ** -0.5 : 1) / (isScaledByLayer ? i + 1 : 1);
    return new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({ ...shared, ...heads, positions, isCausal: true, scale }),
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  };
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, (_, i) => block(i)),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  const unused = [/\.attn\.(masked_)?bias$/]; // old files have the mask
  return { network, storage: storageOf(tensors, network.parameters()), unused };
}

const attention = "layers.{i}.attention";

const tensors = {
  "transformer.wte": "embedding",
  "transformer.wpe": "positions",
  "transformer.h.{i}.ln_1": "layers.{i}.attentionNorm",
  "transformer.h.{i}.attn.c_attn": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
    isTransposed: true,
  },
  "transformer.h.{i}.attn.c_proj": { parts: [`${attention}.output`], isTransposed: true },
  "transformer.h.{i}.ln_2": "layers.{i}.ffnNorm",
  "transformer.h.{i}.mlp.c_fc": { parts: ["layers.{i}.ffn.up"], isTransposed: true },
  "transformer.h.{i}.mlp.c_proj": { parts: ["layers.{i}.ffn.down"], isTransposed: true },
  "transformer.ln_f": "finalNorm",
  lm_head: "head",
};
