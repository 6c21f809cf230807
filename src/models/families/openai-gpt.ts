import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  postNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/** What the family's `afn` means: its "gelu" is the form by tanh. */
const activations = { gelu: "gelu_new", relu: "relu", silu: "silu", swish: "silu" } as const;

/**
 * GPT, the first: post-norm, so that nothing is normalized before the first layer or behind the
 * last but by the blocks themselves; otherwise as GPT-2.
 *
 * @see Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training"
 */
export function openaiGpt(config: ConfigReader): Architecture {
  const hiddenSize = config.number("n_embd");
  const numHeads = config.number("n_head");
  const std = config.positive("initializer_range", 0.02);
  const maxPositions = config.number("n_positions");
  const positions = new LearnedEmbedding({ hiddenSize, maxPositions, std });
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const names = Object.keys(activations) as (keyof typeof activations)[];
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim: config.divide("n_embd", "n_head"),
      positions,
      isCausal: true,
    }),
    ffnNorm: norm,
    ffn: new MLP({
      ...shared,
      intermediateSize: 4 * hiddenSize,
      activation: activations[config.choice("afn", names, "gelu")],
    }),
    residual: postNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("n_layer") }, () => block),
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  const unused = [/\.attn\.bias$/];
  return { network, storage: storageOf(tensors, network.parameters()), unused };
}

const attention = "layers.{i}.attention";

const tensors = {
  "transformer.tokens_embed": "embedding",
  "transformer.positions_embed": "positions",
  "transformer.h.{i}.attn.c_attn": {
    parts: [`${attention}.query`, `${attention}.key`, `${attention}.value`],
    isTransposed: true,
  },
  "transformer.h.{i}.attn.c_proj": { parts: [`${attention}.output`], isTransposed: true },
  "transformer.h.{i}.ln_1": "layers.{i}.attentionNorm",
  "transformer.h.{i}.mlp.c_fc": { parts: ["layers.{i}.ffn.up"], isTransposed: true },
  "transformer.h.{i}.mlp.c_proj": { parts: ["layers.{i}.ffn.down"], isTransposed: true },
  "transformer.h.{i}.ln_2": "layers.{i}.ffnNorm",
  lm_head: "head",
};
