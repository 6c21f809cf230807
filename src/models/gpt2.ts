import type { ConfigReader } from "orrery-lm/formats";
import {
  CausalLM,
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import { queryKeyValue, renamed, weightAndBias, type Architecture } from "./architecture.ts";
import type { StorageEntry } from "./storage.ts";

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
  config.refuse("scale_attn_weights", true);
  config.refuse("scale_attn_by_inverse_layer_idx", false);
  config.refuse("add_cross_attention", false);

  const positions = new LearnedEmbedding({
    hiddenSize,
    maxPositions: config.number("n_positions"),
    std,
  });
  const norm = (): LayerNorm => new LayerNorm({ size: hiddenSize, eps });
  const intermediateSize = config.optionalNumber("n_inner", 4 * hiddenSize);
  const activation = config.choice("activation_function", activationNames, "gelu_new");
  const headDim = config.divide("n_embd", "n_head");
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
        outputStd,
      }),
      ffnNorm: norm(),
      ffn: new MLP({ hiddenSize, intermediateSize, activation, hasBias: true, std, outputStd }),
      residual: preNorm,
    });
  const tieWordEmbeddings = config.boolean("tie_word_embeddings", true);
  const network = new CausalLM({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, block),
    finalNorm: norm(),
    tieWordEmbeddings,
    std,
  });
  const storage = [
    { tensor: "transformer.wte.weight", parameters: ["embedding.weight"] },
    { tensor: "transformer.wpe.weight", parameters: ["positions.weight"] },
    ...Array.from({ length: numLayers }, (_, i) => layerStorage(i)).flat(),
    ...renamed("transformer.ln_f", "finalNorm", weightAndBias),
    ...(tieWordEmbeddings ? [] : [{ tensor: "lm_head.weight", parameters: ["head.weight"] }]),
  ];
  return { network, storage };
}

function layerStorage(i: number): StorageEntry[] {
  const [file, layer] = [`transformer.h.${i}`, `layers.${i}`];
  const conv1d = (tensor: string, parameter: string): StorageEntry[] => [
    {
      tensor: `${file}.${tensor}.weight`,
      parameters: [`${layer}.${parameter}.weight`],
      isTransposed: true,
    },
    { tensor: `${file}.${tensor}.bias`, parameters: [`${layer}.${parameter}.bias`] },
  ];
  return [
    ...renamed(`${file}.ln_1`, `${layer}.attentionNorm`, weightAndBias),
    {
      tensor: `${file}.attn.c_attn.weight`,
      parameters: queryKeyValue(layer, "weight"),
      isTransposed: true,
    },
    { tensor: `${file}.attn.c_attn.bias`, parameters: queryKeyValue(layer, "bias") },
    ...conv1d("attn.c_proj", "attention.output"),
    ...renamed(`${file}.ln_2`, `${layer}.ffnNorm`, weightAndBias),
    ...conv1d("mlp.c_fc", "ffn.up"),
    ...conv1d("mlp.c_proj", "ffn.down"),
  ];
}
