import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  MLP,
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
 * Nemotron-4 and Minitron: LayerNorm whose gains are stored less one, RoPE on half of each head's
 * channels, squared ReLU without a gate.
 *
 * @see Parmar et al. 2024, https://arxiv.org/abs/2402.16819
 */
export function nemotron(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const positions = ropeFrom(config, { headDim, partial: 0.5 });
  const eps = config.positive("norm_eps", 1e-5);
  const norm = new LayerNorm({ size: hiddenSize, eps, gain: "offset" });
  const hasBias = config.boolean("attention_bias", false);
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...sizes, hasBias, positions, isCausal: true }),
    ffnNorm: norm,
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "relu2"),
      hasBias: config.boolean("mlp_bias", false),
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
