import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { gatedMlp, llamaLike } from "../assembly/llama-like.ts";

/**
 * Llama: pre-norm with RMSNorm, RoPE, grouped-query attention, SwiGLU, no biases.
 *
 * @see Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export function llama(config: ConfigReader): Architecture {
  return llamaLike(config, {
    tensors: llamaTensors,
    attention: { hasBias: config.boolean("attention_bias", false) },
    ffn: gatedMlp(config, config.boolean("mlp_bias", false)),
  });
}

/** Tensor names of Llama and the many that follow it. */
export const llamaTensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.layers.{i}.self_attn.o_proj": "layers.{i}.attention.output",
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  "model.layers.{i}.mlp.gate_proj": "layers.{i}.ffn.gate",
  "model.layers.{i}.mlp.up_proj": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.down_proj": "layers.{i}.ffn.down",
  "model.norm": "finalNorm",
  lm_head: "head",
} as const;
