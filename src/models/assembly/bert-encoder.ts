/** Encoders that say under BERT's keys what they are. */

import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  postNorm,
  type LanguageModel,
  type PositionEncoding,
  type SelfAttentionOptions,
} from "orrery-lm/nn";
import { encoder, type LanguageModelParts } from "./language-models.ts";

/** Where an encoder differs from BERT. */
export interface BertVariant {
  /** Its positions. @default a learned table for `max_position_embeddings` */
  positions?: PositionEncoding;
  /** What its attention has beside. */
  attention?: Partial<SelfAttentionOptions>;
  /** What its embeddings and layers have beside. */
  stack?: Partial<LanguageModelParts>;
  /** Channels of the token embeddings and of the head. @default `hidden_size` */
  embeddingSize?: number;
  /** @default 1e-12 */
  eps?: number;
  /** The activation where the file does not say. @default "gelu" */
  activation?: "gelu" | "gelu_new";
  /** The head's activation. @default that of the layers */
  headActivation?: "gelu";
}

/**
 * BERT's encoder: learned positions and token types, a norm on the embeddings, post-norm blocks
 * with biases, and a head with a linear layer, an activation and a norm of its own.
 *
 * @see Devlin et al. 2018, https://arxiv.org/abs/1810.04805
 */
export function bertEncoder(config: ConfigReader, variant: BertVariant = {}): LanguageModel {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const std = config.positive("initializer_range", 0.02);
  const eps = config.positive("layer_norm_eps", variant.eps ?? 1e-12);
  const activation = config.choice("hidden_act", activationNames, variant.activation ?? "gelu");
  const embeddingSize = variant.embeddingSize ?? hiddenSize;
  config.refuse("is_decoder", false);
  config.refuse("add_cross_attention", false);
  config.choice("position_embedding_type", ["absolute"], "absolute");

  const positions =
    variant.positions ??
    new LearnedEmbedding({
      hiddenSize: embeddingSize,
      maxPositions: config.number("max_position_embeddings"),
      std,
    });
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim: config.divide("hidden_size", "num_attention_heads"),
      positions,
      isCausal: false,
      ...variant.attention,
    }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize: config.number("intermediate_size"), activation }),
    residual: postNorm,
  });
  const embeddingNorm = new LayerNorm({ size: embeddingSize, eps });
  const types = config.count("type_vocab_size", 2);
  return encoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingSize,
    tokenTypes: types > 0 ? types : undefined,
    positions,
    embeddingNorm,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, () => block),
    isTied: config.boolean("tie_word_embeddings", true),
    head: {
      hasBias: true,
      transform: {
        outSize: embeddingSize,
        activation: variant.headActivation ?? activation,
        norm: embeddingNorm,
      },
    },
    paddingId: config.has("pad_token_id") ? config.count("pad_token_id", 0) : undefined,
    std,
    ...variant.stack,
  });
}
