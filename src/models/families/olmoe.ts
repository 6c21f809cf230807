import type { ConfigReader } from "orrery-lm/formats";
import { MixtureOfExperts, RMSNorm, SoftmaxRouter } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { gatedMlp, llamaLike, readRmsNorm } from "../assembly/llama-like.ts";
import { expertTensors } from "./qwen3-moe.ts";

/**
 * OLMoE: experts in every layer, whose weights do not sum to 1; queries and keys normalized over
 * their full width, then clipped if at all.
 *
 * @see Muennighoff et al. 2024, https://arxiv.org/abs/2409.02060
 */
export function olmoe(config: ConfigReader): Architecture {
  const { hiddenSize, numHeads, numKeyValueHeads, headDim, std } = attentionSizes(config);
  const eps = config.positive("rms_norm_eps", 1e-5);
  const router = new SoftmaxRouter({
    hiddenSize,
    numExperts: config.number(config.firstOf("num_experts", "num_local_experts")),
    topK: config.number("num_experts_per_tok"),
    isNormalized: config.boolean("norm_topk_prob", false),
    std,
  });
  return llamaLike(config, {
    tensors: expertTensors,
    norm: readRmsNorm(config, 1e-5),
    attention: {
      hasBias: config.boolean("attention_bias", false),
      clip: config.nullable("clip_qkv"),
      queryKeyNorm: {
        query: new RMSNorm({ size: numHeads * headDim, eps }),
        key: new RMSNorm({ size: numKeyValueHeads * headDim, eps }),
        over: "width",
        place: "before",
      },
    },
    ffn: new MixtureOfExperts({ router, expert: gatedMlp(config, false) }),
  });
}
