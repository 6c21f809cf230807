/** The decoder that most families are a variation of. */

import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
  type FFN,
  type Norm,
  type PositionEncoding,
  type ResidualTopology,
  type SelfAttentionOptions,
} from "orrery-lm/nn";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import type { Architecture } from "./architecture.ts";
import { attentionSizes } from "./attention-sizes.ts";
import { decoder, type LanguageModelParts } from "./language-models.ts";
import { ropeFrom } from "./rope-parameters.ts";

/** What a family does otherwise than Llama. */
export interface LlamaLikeOptions {
  tensors: StorageTable;
  /** @default RMSNorm with `rms_norm_eps`, 1e-6 if the file has none */
  norm?: Norm;
  /** @default false */
  isTied?: boolean;
  /** @default RoPE over all channels */
  positions?: PositionEncoding;
  /** What is said about attention in all layers. */
  attention?: Partial<SelfAttentionOptions>;
  /** What is said about attention in layer i. */
  attentionAt?: (layer: number) => Partial<SelfAttentionOptions>;
  /** @default {@link gatedMlp} without biases */
  ffn?: FFN;
  /** Whether the feed-forward network reads what attention reads, behind the same norm. @default false */
  sharesNorm?: boolean;
  /** @default pre-norm */
  residual?: ResidualTopology;
  /** @default 1 */
  embeddingScale?: number;
  head?: LanguageModelParts["head"];
}

/** Buffers that old files have beside the weights. */
const buffers = [/\.rotary_emb\.inv_freq$/, /\.attention\.(masked_)?bias$/];

/** Builds the decoder: pre-norm with RMSNorm, RoPE, grouped-query attention, SwiGLU, no biases. */
export function llamaLike(config: ConfigReader, options: LlamaLikeOptions): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const { positions = ropeFrom(config, { headDim }), ffn = gatedMlp(config, false) } = options;
  const norm = options.norm ?? readRmsNorm(config, 1e-6);
  const block = (layer: number): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({
        ...sizes,
        hasBias: false,
        positions,
        isCausal: true,
        ...options.attention,
        ...options.attentionAt?.(layer),
      }),
      ffnNorm: options.sharesNorm ? undefined : norm,
      ffn,
      residual: options.residual ?? preNorm,
    });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    embeddingScale: options.embeddingScale ?? 1,
    positions,
    blocks: Array.from({ length: config.number("num_hidden_layers") }, (_, i) => block(i)),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", options.isTied ?? false),
    ...(options.head && { head: options.head }),
    std,
  });
  return { network, storage: storageOf(options.tensors, network.parameters()), unused: buffers };
}

/** RMSNorm under Llama's keys. */
export function readRmsNorm(config: ConfigReader, epsByDefault: number): RMSNorm {
  const eps = config.positive("rms_norm_eps", epsByDefault);
  return new RMSNorm({ size: config.number("hidden_size"), eps });
}

/** SwiGLU, or what `hidden_act` makes of it, under Llama's keys. */
export function gatedMlp(config: ConfigReader, hasBias: boolean): GatedMLP {
  return new GatedMLP({
    ...attentionSizes(config),
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_act", activationNames, "silu"),
    hasBias,
  });
}
