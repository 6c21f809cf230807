import type { ConfigReader } from "orrery-lm/formats";
import { scaledPreNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { gatedMlp, llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Granite: Llama with four numbers that scale embeddings, scores, sublayers and logits. The logits
 * are divided by theirs; the scores are multiplied by theirs in place of 1/√D.
 *
 * @see Granite Team 2024, https://github.com/ibm-granite/granite-3.0-language-models
 */
export function granite(config: ConfigReader): Architecture {
  return llamaLike(config, {
    tensors: llamaTensors,
    embeddingScale: config.positive("embedding_multiplier", 1),
    attention: {
      hasBias: config.boolean("attention_bias", false),
      scale: config.positive("attention_multiplier", 1),
    },
    ffn: gatedMlp(config, config.boolean("mlp_bias", false)),
    residual: scaledPreNorm(config.positive("residual_multiplier", 1)),
    head: { scale: 1 / config.positive("logits_scaling", 1) },
  });
}
