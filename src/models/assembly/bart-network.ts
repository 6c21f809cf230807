/** Encoder–decoders that say under BART's keys what they are. */

import type { ConfigReader } from "orrery-lm/formats";
import {
  CrossAttention,
  EncoderDecoder,
  LanguageHead,
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  TransformerStack,
  activationNames,
  type Activation,
  type PositionEncoding,
  type ResidualTopology,
} from "orrery-lm/nn";

/** Where an encoder–decoder differs from others. */
export interface BartVariant {
  /** Post-norm as BART and Marian, or pre-norm with final norms as mBART and Pegasus. */
  residual: ResidualTopology;
  hasFinalNorm: boolean;
  hasEmbeddingNorm: boolean;
  /** @default true */
  hasHeadBias?: boolean;
  /** The positions of one of the stacks. */
  positions: (std: number) => PositionEncoding;
}

/**
 * The encoder–decoder of the original transformer: multi-head attention with biases, an MLP, one
 * table of tokens for both stacks and the head, whose bias is fixed at zero in most files.
 *
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
 * @see Lewis et al. 2019, https://arxiv.org/abs/1910.13461 (BART)
 */
export function bartNetwork(config: ConfigReader, variant: BartVariant): EncoderDecoder {
  const hiddenSize = config.number("d_model");
  const std = config.positive("init_std", 0.02);
  const activation = config.choice("activation_function", activationNames, "gelu");
  const norm = new LayerNorm({ size: hiddenSize, eps: 1e-5 });
  const embeddingScale = config.boolean("scale_embedding", false) ? Math.sqrt(hiddenSize) : 1;
  const { residual } = variant;
  const stack = (name: "encoder" | "decoder"): TransformerStack => {
    const positions = variant.positions(std);
    const block = bartBlock(config, { name, activation, norm, positions, std, residual });
    const layers = config.number(`${name}_layers`);
    return new TransformerStack({
      hiddenSize,
      embeddingScale,
      positions,
      embeddingNorm: variant.hasEmbeddingNorm ? norm : undefined,
      blocks: Array.from({ length: layers }, () => block),
      finalNorm: variant.hasFinalNorm ? norm : undefined,
      std,
    });
  };
  const vocabSize = config.number("vocab_size");
  const isTied = config.boolean("tie_word_embeddings", true);
  config.refuse("is_decoder", false);
  config.ignore("num_hidden_layers"); // another name of the encoder's layers
  return new EncoderDecoder({
    vocabSize,
    encoder: stack("encoder"),
    decoder: stack("decoder"),
    head: new LanguageHead({
      vocabSize,
      hiddenSize,
      isTied,
      hasBias: variant.hasHeadBias ?? true,
      std,
    }),
    hasEncoderEmbedding: !isTied,
    paddingId: config.has("pad_token_id") ? config.count("pad_token_id", 0) : undefined,
    std,
  });
}

interface BlockOptions extends Pick<BartVariant, "residual"> {
  name: "encoder" | "decoder";
  activation: Activation;
  norm: LayerNorm;
  positions: PositionEncoding;
  std: number;
}

function bartBlock(config: ConfigReader, options: BlockOptions): TransformerBlock {
  const { name, activation, norm, positions, residual, std } = options;
  const isDecoder = name === "decoder";
  const hiddenSize = config.number("d_model");
  const numHeads = config.number(`${name}_attention_heads`);
  const headDim = config.divide("d_model", `${name}_attention_heads`);
  const shared = { hiddenSize, hasBias: true, std, outputStd: std };
  const heads = { ...shared, numHeads, headDim };
  return new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...heads,
      numKeyValueHeads: numHeads,
      positions,
      isCausal: isDecoder,
    }),
    ...(isDecoder && { crossAttentionNorm: norm, crossAttention: new CrossAttention(heads) }),
    ffnNorm: norm,
    ffn: new MLP({ ...shared, intermediateSize: config.number(`${name}_ffn_dim`), activation }),
    residual,
  });
}
