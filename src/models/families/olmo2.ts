import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  branchNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { gemma2Tensors } from "./gemma2.ts";

/**
 * OLMo 2: no norm before a sublayer, one behind it inside the residual; queries and keys are
 * normalized over their full width before RoPE.
 *
 * @see OLMo et al. 2025, https://arxiv.org/abs/2501.00656
 */
export function olmo2(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, numHeads, numKeyValueHeads, headDim, std } = sizes;
  const eps = config.positive("rms_norm_eps", 1e-5);
  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps });
  const block = new TransformerBlock({
    attention: new SelfAttention({
      ...sizes,
      hasBias: config.boolean("attention_bias", false),
      positions,
      isCausal: true,
      queryKeyNorm: {
        query: new RMSNorm({ size: numHeads * headDim, eps }),
        key: new RMSNorm({ size: numKeyValueHeads * headDim, eps }),
        over: "width",
        place: "before",
      },
    }),
    attentionOutputNorm: norm,
    ffn: new GatedMLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
      hasBias: false,
    }),
    ffnOutputNorm: norm,
    residual: branchNorm,
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
  return { network, storage: storageOf(gemma2Tensors, network.parameters()) };
}
