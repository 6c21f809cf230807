import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import { noPositions } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { layerTypes, windowOf } from "../assembly/layer-types.ts";
import { gatedMlp, llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * SmolLM3: Llama in which every fourth layer has no positions at all. `no_rope_layers` is named the
 * wrong way round: 1 means that a layer has RoPE.
 *
 * @see Bakouch et al. 2025, https://huggingface.co/blog/smollm3
 * @see Yang et al. 2025, https://arxiv.org/abs/2501.18795 (layers without positions)
 */
export function smollm3(config: ConfigReader): Architecture {
  const numLayers = config.number("num_hidden_layers");
  const hasRope = ropeLayers(config, numLayers);
  const isWindowed = config.boolean("use_sliding_window", false);
  const size = config.nullable("sliding_window");
  const types = layerTypes(config, numLayers, (i) =>
    isWindowed && !hasRope[i] ? "sliding_attention" : "full_attention",
  );
  return llamaLike(config, {
    tensors: llamaTensors,
    isTied: true,
    attention: { hasBias: config.boolean("attention_bias", false) },
    attentionAt: (i) => ({
      window: windowOf(types[i]!, isWindowed ? size : undefined),
      ...(!hasRope[i] && { positions: noPositions }),
    }),
    ffn: gatedMlp(config, config.boolean("mlp_bias", false)),
  });
}

function ropeLayers(config: ConfigReader, numLayers: number): boolean[] {
  const interval = config.optionalNumber("no_rope_layer_interval", 4);
  if (!config.has("no_rope_layers"))
    return Array.from({ length: numLayers }, (_, i) => (i + 1) % interval !== 0);
  const layers = config.values["no_rope_layers"];
  if (!Array.isArray(layers) || layers.length !== numLayers || !layers.every(isFlag)) {
    throw new ConfigError(
      `config.json: no_rope_layers: expected 0 or 1 for each of ${numLayers} layers, got ${JSON.stringify(layers)}`,
    );
  }
  return layers.map((flag) => flag === 1);
}

function isFlag(value: unknown): boolean {
  return value === 0 || value === 1;
}
