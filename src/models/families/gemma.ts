import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  RMSNorm,
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
 * Gemma: Llama with GEGLU, heads wider than the stream, gains stored less one, embeddings times √C
 * and tied. `hidden_act: gelu` in the first files means the form by tanh.
 *
 * @see Gemma Team 2024, https://arxiv.org/abs/2403.08295
 */
export function gemma(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, std } = sizes;
  config.refuse("use_bidirectional_attention", false);
  const activation = config.choice("hidden_act", activationNames, "gelu_pytorch_tanh");

  const positions = ropeFrom(config, { headDim: sizes.headDim });
  const eps = config.positive("rms_norm_eps", 1e-6);
  const norm = new RMSNorm({ size: hiddenSize, eps, gain: "offset" });
  const hasBias = config.boolean("attention_bias", false);
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...sizes, hasBias, positions, isCausal: true }),
    ffnNorm: norm,
    ffn: new GatedMLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: activation === "gelu" ? "gelu_pytorch_tanh" : activation,
      hasBias: false,
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingScale: Math.sqrt(hiddenSize),
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  return { network, storage: storageOf(llamaTensors, network.parameters()) };
}
