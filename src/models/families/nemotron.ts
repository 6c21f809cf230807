import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, MLP, activationNames } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Nemotron-4 and Minitron: LayerNorm whose gains are stored less one, RoPE on half of each head's
 * channels, squared ReLU without a gate.
 *
 * @see Parmar et al. 2024, https://arxiv.org/abs/2402.16819
 */
export function nemotron(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize: size, headDim } = sizes;
  return llamaLike(config, {
    tensors: llamaTensors,
    norm: new LayerNorm({ size, eps: config.positive("norm_eps", 1e-5), gain: "offset" }),
    positions: ropeFrom(config, { headDim, partial: 0.5 }),
    attention: { hasBias: config.boolean("attention_bias", false) },
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "relu2"),
      hasBias: config.boolean("mlp_bias", false),
    }),
  });
}
