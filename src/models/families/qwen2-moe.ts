import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  MixtureOfExperts,
  RMSNorm,
  SelfAttention,
  SoftmaxRouter,
  TokenGated,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { expertLayers } from "../assembly/expert-layers.ts";
import { decoder } from "../assembly/language-models.ts";
import { layerTypes, windowOf } from "../assembly/layer-types.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { expertTensors } from "./qwen3-moe.ts";

/**
 * Qwen1.5-MoE and Qwen2-MoE: biases on queries, keys and values; small experts, and one large that
 * reads every token behind a gate of its own.
 *
 * @see Qwen Team 2024, https://arxiv.org/abs/2407.10671
 */
export function qwen2Moe(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const numLayers = config.number("num_hidden_layers");
  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1e-6) });
  const isWindowed = config.boolean("use_sliding_window", false);
  const window = isWindowed ? config.nullable("sliding_window", 4096) : undefined;
  const limit = config.optionalNumber("max_window_layers", 28);
  const types = layerTypes(config, numLayers, (i) =>
    isWindowed && i % 2 === 0 && i < limit ? "sliding_attention" : "full_attention",
  );
  const hasBias = config.boolean("qkv_bias", true);
  const attention = { ...sizes, hasBias, hasOutputBias: false, positions, isCausal: true };
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
    shared: new TokenGated({ hiddenSize, ffn: mlp("shared_expert_intermediate_size"), std }),
  });
  const plain = mlp("intermediate_size");
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: expertLayers(config, numLayers).map(
      (hasExperts, i) =>
        new TransformerBlock({
          attentionNorm: norm,
          attention: new SelfAttention({ ...attention, window: windowOf(types[i]!, window) }),
          ffnNorm: norm,
          ffn: hasExperts ? experts : plain,
          residual: preNorm,
        }),
    ),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  config.ignore("sliding_window");
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const shared = "layers.{i}.ffn.shared";

const tensors = {
  ...expertTensors,
  "model.layers.{i}.mlp.shared_expert.gate_proj": `${shared}.ffn.gate`,
  "model.layers.{i}.mlp.shared_expert.up_proj": `${shared}.ffn.up`,
  "model.layers.{i}.mlp.shared_expert.down_proj": `${shared}.ffn.down`,
  "model.layers.{i}.mlp.shared_expert_gate": `${shared}.gate`,
};
