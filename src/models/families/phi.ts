import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, MLP, activationNames, parallelNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";

/**
 * Phi-1, 1.5 and 2: attention and MLP in parallel behind one LayerNorm, RoPE over half of the
 * channels, biases everywhere, at the head too.
 *
 * @see Gunasekar et al. 2023, https://arxiv.org/abs/2306.11644
 */
export function phi(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim } = sizes;
  const eps = config.positive("layer_norm_eps", 1e-5);
  const headNorm = new LayerNorm({ size: headDim, eps });
  const hasHeadNorms = config.boolean("qk_layernorm", false);
  return llamaLike(config, {
    tensors,
    norm: new LayerNorm({ size: hiddenSize, eps }),
    positions: ropeFrom(config, { headDim, partial: 0.5 }),
    attention: {
      hasBias: true,
      queryKeyNorm: hasHeadNorms
        ? { query: headNorm, key: headNorm, over: "head", place: "before" }
        : undefined,
    },
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "gelu_new"),
      hasBias: true,
    }),
    sharesNorm: true,
    residual: parallelNorm,
    head: { hasBias: true },
  });
}

const tensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.input_layernorm": "layers.{i}.attentionNorm",
  "model.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.layers.{i}.self_attn.dense": "layers.{i}.attention.output",
  "model.layers.{i}.self_attn.q_layernorm": "layers.{i}.attention.queryNorm",
  "model.layers.{i}.self_attn.k_layernorm": "layers.{i}.attention.keyNorm",
  "model.layers.{i}.mlp.fc1": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.fc2": "layers.{i}.ffn.down",
  "model.final_layernorm": "finalNorm",
  lm_head: "head",
};
