import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LatentAttention,
  MixtureOfExperts,
  RMSNorm,
  SigmoidRouter,
  SoftmaxRouter,
  TransformerBlock,
  activationNames,
  preNorm,
  type Router,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { yarnScale } from "../assembly/yarn-scale.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { ffnTensors } from "./qwen3-moe.ts";

/**
 * DeepSeek-V2: latent attention, and in all but the first layers many small experts whose weights do
 * not sum to 1, beside some that read every token.
 *
 * @see DeepSeek-AI 2024, https://arxiv.org/abs/2405.04434
 */
export function deepseekV2(config: ConfigReader): Architecture {
  config.choice("scoring_func", ["softmax"], "softmax");
  config.refuse("norm_topk_prob", false);
  const method = config.choice("topk_method", ["greedy", "group_limited_greedy"], "greedy");
  const groups = { count: config.count("n_group", 1), topK: config.count("topk_group", 1) };
  const router = new SoftmaxRouter({
    ...routing(config),
    isNormalized: false,
    scale: config.positive("routed_scaling_factor", 1),
    groups: method === "greedy" ? undefined : { ...groups, by: "best" },
  });
  return build(config, router, "interleaved");
}

/**
 * DeepSeek-V3: V2 with experts that score each on its own, and whose load is balanced by a
 * correction of the choice instead of a loss.
 *
 * @see DeepSeek-AI 2024, https://arxiv.org/abs/2412.19437
 */
export function deepseekV3(config: ConfigReader): Architecture {
  config.choice("scoring_func", ["sigmoid"], "sigmoid");
  config.choice("topk_method", ["noaux_tc"], "noaux_tc");
  const groups = { count: config.count("n_group", 8), topK: config.count("topk_group", 4) };
  const router = new SigmoidRouter({
    ...routing(config),
    isNormalized: config.boolean("norm_topk_prob", true),
    scale: config.positive("routed_scaling_factor", 2.5),
    groups: { ...groups, by: "two-best" },
  });
  config.ignore("num_nextn_predict_layers", "num_mtp_layers");
  const isInterleaved = config.boolean("rope_interleave", true);
  return build(config, router, isInterleaved ? "interleaved" : "half-split");
}

function routing(config: ConfigReader) {
  return {
    hiddenSize: config.number("hidden_size"),
    numExperts: config.number(config.firstOf("n_routed_experts", "num_local_experts")),
    topK: config.number("num_experts_per_tok"),
    std: config.positive("initializer_range", 0.02),
  };
}

function build(
  config: ConfigReader,
  router: Router,
  layout: "interleaved" | "half-split",
): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const std = config.positive("initializer_range", 0.02);
  const shared = { hiddenSize, std, outputStd: std };
  const plainDim = config.number("qk_nope_head_dim");
  const rotaryDim = config.number("qk_rope_head_dim");
  const positions = ropeFrom(config, { headDim: rotaryDim, layout });
  const latent = (size: number) => ({ size, norm: new RMSNorm({ size, eps: 1e-6 }) });
  const attention = new LatentAttention({
    ...shared,
    numHeads,
    queryLatent: config.has("q_lora_rank") ? latent(config.number("q_lora_rank")) : undefined,
    keyValueLatent: latent(config.number("kv_lora_rank")),
    plainDim,
    rotaryDim,
    valueDim: config.number("v_head_dim"),
    hasBias: config.boolean("attention_bias", false),
    positions,
    isCausal: true,
    scale: yarnScale(config) / Math.sqrt(plainDim + rotaryDim),
  });
  const activation = config.choice("hidden_act", activationNames, "silu");
  const hasBias = config.boolean("mlp_bias", false);
  const width = config.number("moe_intermediate_size");
  const sharedWidth = width * config.number("n_shared_experts");
  const plainWidth = config.number("intermediate_size");
  const mlp = (intermediateSize: number, isBiased: boolean): GatedMLP =>
    new GatedMLP({ ...shared, intermediateSize, activation, hasBias: isBiased });
  const experts = new MixtureOfExperts({
    router,
    expert: mlp(width, false),
    shared: mlp(sharedWidth, hasBias),
  });
  const plain = mlp(plainWidth, hasBias);
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1e-6) });
  const firstExperts = config.count("first_k_dense_replace", 0);
  const block = (_: unknown, i: number): TransformerBlock => {
    const ffn = i < firstExperts ? plain : experts;
    return new TransformerBlock({
      attentionNorm: norm,
      attention,
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  };
  if (config.optionalNumber("moe_layer_freq", 1) !== 1)
    throw new ConfigError("config.json: moe_layer_freq: only 1 is implemented");
  config.ignore("head_dim", "qk_head_dim", "num_key_value_heads", "ep_size");
  config.ignore("aux_loss_alpha", "seq_aux");
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  const query = config.has("q_lora_rank") ? "q_b_proj" : "q_proj";
  return { network, storage: storageOf(tensors(numHeads, query), network.parameters()) };
}

const own = "layers.{i}.attention";

const tensors = (heads: number, query: string): StorageTable => ({
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  [`model.layers.{i}.self_attn.${query}`]: `${own}.query`,
  "model.layers.{i}.self_attn.q_a_proj": `${own}.queryDown`,
  "model.layers.{i}.self_attn.q_a_layernorm": `${own}.queryNorm`,
  "model.layers.{i}.self_attn.kv_a_proj_with_mqa": { parts: [`${own}.latent`, `${own}.rotaryKey`] },
  "model.layers.{i}.self_attn.kv_a_layernorm": `${own}.latentNorm`,
  "model.layers.{i}.self_attn.kv_b_proj": { parts: [`${own}.key`, `${own}.value`], heads },
  "model.layers.{i}.self_attn.o_proj": `${own}.output`,
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  ...ffnTensors,
  "model.layers.{i}.mlp.gate.e_score_correction_bias": "layers.{i}.ffn.router.correction",
  "model.layers.{i}.mlp.shared_experts.gate_proj": "layers.{i}.ffn.shared.gate",
  "model.layers.{i}.mlp.shared_experts.up_proj": "layers.{i}.ffn.shared.up",
  "model.layers.{i}.mlp.shared_experts.down_proj": "layers.{i}.ffn.shared.down",
  "model.norm": "finalNorm",
  lm_head: "head",
});
