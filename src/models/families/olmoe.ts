import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  MixtureOfExperts,
  RMSNorm,
  SelfAttention,
  SoftmaxRouter,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { expertTensors } from "./qwen3-moe.ts";

/**
 * OLMoE: experts in every layer, whose weights do not sum to 1; queries and keys normalized over
 * their full width, then clipped if at all.
 *
 * @see Muennighoff et al. 2024, https://arxiv.org/abs/2409.02060
 */
export function olmoe(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, numHeads, numKeyValueHeads, headDim, std } = sizes;
  const eps = config.positive("rms_norm_eps", 1e-5);
  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps });
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...sizes,
      hasBias: config.boolean("attention_bias", false),
      positions,
      isCausal: true,
      clip: config.nullable("clip_qkv"),
      queryKeyNorm: {
        query: new RMSNorm({ size: numHeads * headDim, eps }),
        key: new RMSNorm({ size: numKeyValueHeads * headDim, eps }),
        over: "width",
        place: "before",
      },
    }),
    ffnNorm: norm,
    ffn: new MixtureOfExperts({
      router: new SoftmaxRouter({
        hiddenSize,
        numExperts: config.number(config.firstOf("num_experts", "num_local_experts")),
        topK: config.number("num_experts_per_tok"),
        isNormalized: config.boolean("norm_topk_prob", false),
        std,
      }),
      expert: new GatedMLP({
        ...sizes,
        intermediateSize: config.number("intermediate_size"),
        activation: config.choice("hidden_act", activationNames, "silu"),
        hasBias: false,
      }),
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  return { network, storage: storageOf(expertTensors, network.parameters()) };
}
