import type { ConfigReader } from "orrery-lm/formats";
import { GatedMLP, RMSNorm, activationNames } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Gemma: Llama with GEGLU, heads wider than the stream, gains stored less one, embeddings times √C
 * and tied. `hidden_act: gelu` in the first files means the form by tanh.
 *
 * @see Gemma Team 2024, https://arxiv.org/abs/2403.08295
 */
export function gemma(config: ConfigReader): Architecture {
  const size = config.number("hidden_size");
  config.refuse("use_bidirectional_attention", false);
  const activation = config.choice("hidden_act", activationNames, "gelu_pytorch_tanh");
  return llamaLike(config, {
    tensors: llamaTensors,
    norm: new RMSNorm({ size, eps: config.positive("rms_norm_eps", 1e-6), gain: "offset" }),
    isTied: true,
    embeddingScale: Math.sqrt(size),
    attention: { hasBias: config.boolean("attention_bias", false) },
    ffn: new GatedMLP({
      ...attentionSizes(config),
      intermediateSize: config.number("intermediate_size"),
      activation: activation === "gelu" ? "gelu_pytorch_tanh" : activation,
      hasBias: false,
    }),
  });
}
