import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike, readRmsNorm } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";

/**
 * Phi-3 and Phi-4: Llama with a window, LongRoPE in its long versions, and RoPE over a part of the
 * channels in Phi-4-mini. Files store query, key and value in one tensor, gate and up in another.
 *
 * @see Abdin et al. 2024, https://arxiv.org/abs/2404.14219
 */
export function phi3(config: ConfigReader): Architecture {
  config.has("original_max_position_embeddings"); // there without a scaling too
  return llamaLike(config, {
    tensors,
    norm: readRmsNorm(config, 1e-5),
    positions: ropeFrom(config, { headDim: attentionSizes(config).headDim, partial: 1 }),
    attention: { window: config.nullable("sliding_window") },
  });
}

const attention = "layers.{i}.attention";

const tensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.qkv_proj": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
  },
  "model.layers.{i}.self_attn.o_proj": `${attention}.output`,
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.mlp.gate_up_proj": { parts: ["layers.{i}.ffn.gate", "layers.{i}.ffn.up"] },
  "model.layers.{i}.mlp.down_proj": "layers.{i}.ffn.down",
  "model.norm": "finalNorm",
  lm_head: "head",
};
