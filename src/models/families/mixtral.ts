import type { ConfigReader } from "orrery-lm/formats";
import { MixtureOfExperts, SoftmaxRouter } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { gatedMlp, llamaLike, readRmsNorm } from "../assembly/llama-like.ts";
import type { StorageTable } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Mixtral: Mistral with a mixture of experts in place of each feed-forward network; the weights of
 * the chosen experts sum to 1.
 *
 * @see Jiang et al. 2024, https://arxiv.org/abs/2401.04088
 */
export function mixtral(config: ConfigReader): Architecture {
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
    norm: readRmsNorm(config, 1e-5),
    attention: { window: config.nullable("sliding_window") },
    ffn: new MixtureOfExperts({ router, expert: gatedMlp(config, false) }),
  });
}

const tensors: StorageTable = {
  ...llamaTensors,
  "model.layers.{i}.block_sparse_moe.gate": "layers.{i}.ffn.router",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w1": "layers.{i}.ffn.experts.{e}.gate",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w3": "layers.{i}.ffn.experts.{e}.up",
  "model.layers.{i}.block_sparse_moe.experts.{e}.w2": "layers.{i}.ffn.experts.{e}.down",
};
