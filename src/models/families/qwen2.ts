import type { ConfigReader } from "orrery-lm/formats";
import { RMSNorm, type SelfAttentionOptions } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { layerTypes, windowOf } from "../assembly/layer-types.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Qwen2: Llama with biases on queries, keys and values, and windows in the upper layers if
 * `use_sliding_window` says so: `max_window_layers` counts the layers below that have none.
 *
 * @see Yang et al. 2024, https://arxiv.org/abs/2407.10671
 */
export function qwen2(config: ConfigReader): Architecture {
  return llamaLike(config, {
    tensors: llamaTensors,
    attention: { hasBias: true, hasOutputBias: false },
    attentionAt: qwenWindows(config),
  });
}

/**
 * Qwen3: Qwen2 without those biases, but with queries and keys normalized head by head before RoPE.
 *
 * @see Yang et al. 2025, https://arxiv.org/abs/2505.09388
 */
export function qwen3(config: ConfigReader): Architecture {
  const { headDim } = attentionSizes(config);
  const norm = new RMSNorm({ size: headDim, eps: config.positive("rms_norm_eps", 1e-6) });
  return llamaLike(config, {
    tensors: {
      ...llamaTensors,
      "model.layers.{i}.self_attn.q_norm": "layers.{i}.attention.queryNorm",
      "model.layers.{i}.self_attn.k_norm": "layers.{i}.attention.keyNorm",
    },
    attention: {
      hasBias: config.boolean("attention_bias", false),
      queryKeyNorm: { query: norm, key: norm, over: "head", place: "before" },
    },
    attentionAt: qwenWindows(config),
  });
}

function qwenWindows(config: ConfigReader): (layer: number) => Partial<SelfAttentionOptions> {
  const isUsed = config.boolean("use_sliding_window", false);
  const size = config.nullable("sliding_window");
  const window = isUsed ? (size ?? 4096) : undefined;
  const first = config.has("max_window_layers") ? config.values["max_window_layers"] : 28;
  const types = layerTypes(config, config.number("num_hidden_layers"), (i) =>
    isUsed && i >= Number(first) ? "sliding_attention" : "full_attention",
  );
  return (layer) => ({ window: windowOf(types[layer]!, window) });
}
