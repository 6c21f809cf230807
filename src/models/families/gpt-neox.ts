import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, MLP, activationNames, parallelNorms, preNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import type { StorageTable } from "../storage/storage-table.ts";

/**
 * GPT-NeoX and Pythia: attention and MLP in parallel, each behind a LayerNorm of its own, RoPE over
 * a quarter of the channels. Files store query, key and value head by head in one tensor.
 *
 * @see Black et al. 2022, https://arxiv.org/abs/2204.06745
 */
export function gptNeox(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, numHeads } = sizes;
  return llamaLike(config, {
    tensors: tensors(numHeads),
    norm: new LayerNorm({ size: hiddenSize, eps: config.positive("layer_norm_eps", 1e-5) }),
    positions: ropeFrom(config, { headDim, partial: 0.25 }),
    attention: { numKeyValueHeads: numHeads, hasBias: config.boolean("attention_bias", true) },
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "gelu"),
      hasBias: true,
    }),
    residual: config.boolean("use_parallel_residual", true) ? parallelNorms : preNorm,
  });
}

const attention = "layers.{i}.attention";

const tensors = (heads: number): StorageTable => ({
  "gpt_neox.embed_in": "embedding",
  "gpt_neox.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "gpt_neox.layers.{i}.attention.query_key_value": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
    heads,
  },
  "gpt_neox.layers.{i}.attention.dense": `${attention}.output`,
  "gpt_neox.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "gpt_neox.layers.{i}.mlp.dense_h_to_4h": "layers.{i}.ffn.up",
  "gpt_neox.layers.{i}.mlp.dense_4h_to_h": "layers.{i}.ffn.down",
  "gpt_neox.final_layer_norm": "finalNorm",
  embed_out: "head",
});
