import type { ConfigReader } from "orrery-lm/formats";
import { LayerNorm, parallelNorm, preNorm } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { llamaTensors } from "./llama.ts";

/**
 * StableLM: Llama with LayerNorm and RoPE over a quarter of the channels; some have biases on
 * queries, keys and values, or attention and MLP in parallel behind one norm.
 *
 * @see Bellagente et al. 2024, https://arxiv.org/abs/2402.17834
 */
export function stablelm(config: ConfigReader): Architecture {
  const { hiddenSize, headDim } = attentionSizes(config);
  const isParallel = config.boolean("use_parallel_residual", false);
  config.refuse("qk_layernorm", false);
  return llamaLike(config, {
    tensors: llamaTensors,
    norm: new LayerNorm({ size: hiddenSize, eps: config.positive("layer_norm_eps", 1e-5) }),
    positions: ropeFrom(config, { headDim, partial: 0.25 }),
    attention: { hasBias: config.boolean("use_qkv_bias", false), hasOutputBias: false },
    sharesNorm: isParallel,
    residual: isParallel ? parallelNorm : preNorm,
  });
}
