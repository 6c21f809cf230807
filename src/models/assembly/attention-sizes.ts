/** Sizes of attention under the keys that Llama and its followers share. */

import type { ConfigReader } from "orrery-lm/formats";

/** What `SelfAttention` needs to know of its sizes. */
export interface AttentionSizes {
  readonly hiddenSize: number;
  readonly numHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  readonly std: number;
  readonly outputStd: number;
}

/** Reads sizes; a width per head and fewer key/value heads may be left out. */
export function attentionSizes(config: ConfigReader): AttentionSizes {
  const numHeads = config.number("num_attention_heads");
  const std = config.positive("initializer_range", 0.02);
  return {
    hiddenSize: config.number("hidden_size"),
    numHeads,
    numKeyValueHeads: config.optionalNumber("num_key_value_heads", numHeads),
    headDim: config.has("head_dim")
      ? config.number("head_dim")
      : config.divide("hidden_size", "num_attention_heads"),
    std,
    outputStd: std,
  };
}
