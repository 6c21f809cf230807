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
import { expertLayers } from "../assembly/expert-layers.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Qwen3-MoE: Qwen3, whose queries and keys are normalized head by head before RoPE, with many small
 * experts in most layers.
 *
 * @see Qwen Team 2025, https://arxiv.org/abs/2505.09388
 */
export function qwen3Moe(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const eps = config.positive("rms_norm_eps", 1e-6);
  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps });
  const headNorm = new RMSNorm({ size: headDim, eps });
  const isWindowed = config.boolean("use_sliding_window", false);
  const attention = new SelfAttention({
    ...sizes,
    hasBias: config.boolean("attention_bias", false),
    positions,
    isCausal: true,
    window: isWindowed ? config.nullable("sliding_window", 4096) : undefined,
    queryKeyNorm: { query: headNorm, key: headNorm, over: "head", place: "before" },
  });
  const activation = config.choice("hidden_act", activationNames, "silu");
  const mlp = (width: string): GatedMLP =>
    new GatedMLP({ ...sizes, intermediateSize: config.number(width), activation, hasBias: false });
  const experts = new MixtureOfExperts({
    router: new SoftmaxRouter({
      hiddenSize,
      numExperts: config.number(config.firstOf("num_experts", "num_local_experts")),
      topK: config.number("num_experts_per_tok"),
      isNormalized: config.boolean("norm_topk_prob", false),
      std,
    }),
    expert: mlp("moe_intermediate_size"),
  });
  const plain = mlp("intermediate_size");
  const block = (hasExperts: boolean): TransformerBlock => {
    const ffn = hasExperts ? experts : plain;
    return new TransformerBlock({
      attentionNorm: norm,
      attention,
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  };
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: expertLayers(config, config.number("num_hidden_layers")).map(block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  config.ignore("sliding_window", "max_window_layers");
  return { network, storage: storageOf(expertTensors, network.parameters()) };
}

const experts = "layers.{i}.ffn.experts.{e}";

/** Names of experts that are stored one by one, and of layers without them. */
export const ffnTensors: StorageTable = {
  "model.layers.{i}.mlp.gate_proj": "layers.{i}.ffn.gate",
  "model.layers.{i}.mlp.up_proj": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.down_proj": "layers.{i}.ffn.down",
  "model.layers.{i}.mlp.gate": "layers.{i}.ffn.router",
  "model.layers.{i}.mlp.experts.{e}.gate_proj": `${experts}.gate`,
  "model.layers.{i}.mlp.experts.{e}.up_proj": `${experts}.up`,
  "model.layers.{i}.mlp.experts.{e}.down_proj": `${experts}.down`,
};

/** Tensor names of Llama with experts, and with queries and keys that are normalized. */
export const expertTensors: StorageTable = {
  ...llamaTensors,
  ...ffnTensors,
  "model.layers.{i}.self_attn.q_norm": "layers.{i}.attention.queryNorm",
  "model.layers.{i}.self_attn.k_norm": "layers.{i}.attention.keyNorm",
};
