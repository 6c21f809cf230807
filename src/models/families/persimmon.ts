import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, MLP, activationNames } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import type { StorageTable } from "../storage/storage-table.ts";

/**
 * Persimmon: LayerNorm, squared ReLU, RoPE over half of the channels behind norms of queries and
 * keys, biases everywhere. Files store query, key and value head by head in one tensor.
 *
 * @see Elsen et al. 2023, https://www.adept.ai/blog/persimmon-8b
 */
export function persimmon(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, numHeads } = sizes;
  const eps = config.positive("layer_norm_eps", 1e-5);
  const headNorm = new LayerNorm({ size: headDim, eps });
  const hasHeadNorms = config.boolean("qk_layernorm", true);
  config.stale("rms_norm_eps", "the norms are LayerNorm with layer_norm_eps");
  return llamaLike(config, {
    tensors: tensors(numHeads),
    norm: new LayerNorm({ size: hiddenSize, eps }),
    positions: ropeFrom(config, { headDim, partial: 0.5, theta: 25_000 }),
    attention: {
      numKeyValueHeads: numHeads,
      hasBias: true,
      queryKeyNorm: hasHeadNorms
        ? { query: headNorm, key: headNorm, over: "head", place: "before" }
        : undefined,
    },
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "relu2"),
      hasBias: true,
    }),
  });
}

const attention = "layers.{i}.attention";

const tensors = (heads: number): StorageTable => ({
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.query_key_value": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
    heads,
  },
  "model.layers.{i}.self_attn.dense": `${attention}.output`,
  "model.layers.{i}.self_attn.q_layernorm": `${attention}.queryNorm`,
  "model.layers.{i}.self_attn.k_layernorm": `${attention}.keyNorm`,
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.mlp.dense_h_to_4h": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.dense_4h_to_h": "layers.{i}.ffn.down",
  "model.final_layernorm": "finalNorm",
  lm_head: "head",
});
