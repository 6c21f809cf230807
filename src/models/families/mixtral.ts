import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  MixtureOfExperts,
  RMSNorm,
  SelfAttention,
  SoftmaxRouter,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Mixtral: Mistral with a mixture of experts in place of each feed-forward network; the weights of
 * the chosen experts sum to 1.
 *
 * @see Jiang et al. 2024, https://arxiv.org/abs/2401.04088
 */
export function mixtral(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, std } = sizes;
  const positions = ropeFrom(config, { headDim: sizes.headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1e-5) });
  const window = config.nullable("sliding_window");
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...sizes, hasBias: false, positions, isCausal: true, window }),
    ffnNorm: norm,
    ffn: new MixtureOfExperts({
      router: new SoftmaxRouter({
        hiddenSize,
        numExperts: config.number("num_local_experts"),
        topK: config.number("num_experts_per_tok"),
        isNormalized: true,
        std,
      }),
      expert: new GatedMLP({
        ...sizes,
        intermediateSize: config.number("intermediate_size"),
        activation: config.choice("hidden_act", activationNames, "silu"),
        hasBias: false,
      }),
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const tensors = {
  ...llamaTensors,
  "model.layers.{i}.block_sparse_moe.gate": "layers.{i}.ffn.router",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w1": "layers.{i}.ffn.experts.{e}.gate",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w3": "layers.{i}.ffn.experts.{e}.up",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w2": "layers.{i}.ffn.experts.{e}.down",
};
