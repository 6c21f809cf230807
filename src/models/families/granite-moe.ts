import type { ConfigReader } from "orrery-lm/formats";
import { MixtureOfExperts, SoftmaxRouter, scaledPreNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { gatedMlp, llamaLike } from "../assembly/llama-like.ts";
import type { StorageTable } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Granite-MoE: Granite with experts in every layer, all of which lie in one tensor, gate above value.
 *
 * @see Granite Team 2024, https://github.com/ibm-granite/granite-3.0-language-models
 */
export function graniteMoe(config: ConfigReader): Architecture {
  const { hiddenSize, std } = attentionSizes(config);
  const router = new SoftmaxRouter({
    hiddenSize,
    numExperts: config.number("num_local_experts"),
    topK: config.number("num_experts_per_tok"),
    isNormalized: true,
    std,
  });
  return llamaLike(config, {
    tensors,
    embeddingScale: config.positive("embedding_multiplier", 1),
    attention: {
      hasBias: config.boolean("attention_bias", false),
      scale: config.positive("attention_multiplier", 1),
    },
    ffn: new MixtureOfExperts({ router, expert: gatedMlp(config, false) }),
    residual: scaledPreNorm(config.positive("residual_multiplier", 1)),
    head: { scale: 1 / config.positive("logits_scaling", 1) },
  });
}

const experts = "layers.{i}.ffn.experts.{e}";

const tensors: StorageTable = {
  ...llamaTensors,
  "model.layers.{i}.block_sparse_moe.router.layer": "layers.{i}.ffn.router",
  "model.layers.{i}.block_sparse_moe.input_linear": { parts: [`${experts}.gate`, `${experts}.up`] },
  "model.layers.{i}.block_sparse_moe.output_linear": { parts: [`${experts}.down`] },
};
