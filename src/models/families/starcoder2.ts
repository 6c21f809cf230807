import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, MLP, activationNames } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * StarCoder 2: Llama's attention with biases and a window, LayerNorm, an MLP with the tanh GELU.
 *
 * @see Lozhkov et al. 2024, https://arxiv.org/abs/2402.19173
 */
export function starcoder2(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const hasBias = config.boolean("use_bias", true);
  const eps = config.positive("norm_epsilon", 1e-5);
  config.stale("activation_function", "hidden_act is what the family computes");
  return llamaLike(config, {
    tensors,
    isTied: true,
    norm: new LayerNorm({ size: sizes.hiddenSize, eps }),
    attention: { hasBias, window: config.nullable("sliding_window") },
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "gelu_pytorch_tanh"),
      hasBias,
    }),
  });
}

const {
  "model.layers.{i}.mlp.gate_proj": _gate,
  "model.layers.{i}.mlp.up_proj": up,
  "model.layers.{i}.mlp.down_proj": down,
  ...same
} = llamaTensors;

const tensors = {
  ...same,
  "model.layers.{i}.mlp.c_fc": up,
  "model.layers.{i}.mlp.c_proj": down,
};
