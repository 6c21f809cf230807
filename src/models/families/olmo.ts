import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * OLMo: Llama with LayerNorm that has no parameters, and queries, keys and values that may be
 * clipped.
 *
 * @see Groeneveld et al. 2024, https://arxiv.org/abs/2402.00838
 */
export function olmo(config: ConfigReader): Architecture {
  const size = config.number("hidden_size");
  return llamaLike(config, {
    tensors: llamaTensors,
    norm: new LayerNorm({ size, eps: 1e-5, gain: "none", hasBias: false }),
    attention: {
      hasBias: config.boolean("attention_bias", false),
      clip: config.nullable("clip_qkv"),
    },
  });
}
