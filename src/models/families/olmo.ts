import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LayerNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * OLMo: Llama with LayerNorm that has no parameters, and queries, keys and values that may be
 * clipped.
 *
 * @see Groeneveld et al. 2024, https://arxiv.org/abs/2402.00838
 */
export function olmo(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, std } = sizes;
  const positions = ropeFrom(config, { headDim: sizes.headDim });
  const norm = new LayerNorm({ size: hiddenSize, eps: 1e-5, gain: "none", hasBias: false });
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...sizes,
      hasBias: config.boolean("attention_bias", false),
      positions,
      isCausal: true,
      clip: config.nullable("clip_qkv"),
    }),
    ffnNorm: norm,
    ffn: new GatedMLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
      hasBias: false,
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
  return { network, storage: storageOf(llamaTensors, network.parameters()) };
}
