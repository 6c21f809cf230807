import type { ConfigReader } from "orrery-lm/formats";
import { AlibiBias } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import type { StorageTable } from "../storage/storage-table.ts";
import { ffnTensors } from "./qwen3-moe.ts";

/**
 * Baichuan: Llama without groups of heads, with query, key and value in one tensor. 7B has RoPE; 13B
 * has ALiBi, and its config.json, which has no key for that, no `max_position_embeddings` either.
 *
 * @see Baichuan Inc. 2023, https://github.com/baichuan-inc/Baichuan-13B
 */
export function baichuan(config: ConfigReader): Architecture {
  const { numHeads, headDim } = attentionSizes(config);
  config.ignore("_from_model_config", "auto_map", "gradient_checkpointing", "model_max_length");
  return llamaLike(config, {
    tensors,
    positions: config.has("max_position_embeddings")
      ? ropeFrom(config, { headDim })
      : new AlibiBias({ numHeads }),
  });
}

const own = "layers.{i}.attention";

const tensors: StorageTable = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.W_pack": { parts: [`${own}.query`, `${own}.key`, `${own}.value`] },
  "model.layers.{i}.self_attn.o_proj": `${own}.output`,
  "model.layers.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
  ...ffnTensors,
  "model.norm": "finalNorm",
  lm_head: "head",
};
