import type { ConfigReader } from "orrery-lm/formats";
import {
  CrossAttention,
  EncoderDecoder,
  GatedMLP,
  LayerBias,
  LanguageHead,
  MLP,
  RMSNorm,
  SelfAttention,
  T5Bias,
  TransformerBlock,
  TransformerStack,
  activationNames,
  noPositions,
  preNorm,
  t5Initializers,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * umT5: T5 1.1 whose layers each have a table of distances.
 *
 * @see Chung et al. 2023, https://arxiv.org/abs/2304.09151
 */
export function umt5(config: ConfigReader): Architecture {
  return build(config, true);
}

/**
 * T5, T5 1.1, Flan-T5 and mT5: pre-norm with RMSNorm, scores that are not divided by √D, relative
 * positions by buckets from one table a stack, no biases. T5 1.1 has a gated feed-forward network
 * and a head of its own; T5's head is the token embeddings, and reads channels divided by √C, which
 * mT5's does not.
 *
 * @see Raffel et al. 2019, https://arxiv.org/abs/1910.10683
 * @see Shazeer 2020, https://arxiv.org/abs/2002.05202 (T5 1.1's gates)
 */
export function t5(config: ConfigReader): Architecture {
  return build(config, false);
}

function build(config: ConfigReader, hasTablePerLayer: boolean): Architecture {
  const hiddenSize = config.number("d_model");
  const [numHeads, headDim] = [config.number("num_heads"), config.number("d_kv")];
  const factor = config.positive("initializer_factor", 1);
  const std = factor / Math.sqrt(hiddenSize);
  const norm = new RMSNorm({
    size: hiddenSize,
    eps: config.positive("layer_norm_epsilon", 1e-6),
  });
  const shared = { hiddenSize, numHeads, headDim, hasBias: false, scale: 1, std, outputStd: std };
  const bucket = {
    buckets: config.optionalNumber("relative_attention_num_buckets", 32),
    maxDistance: config.optionalNumber("relative_attention_max_distance", 128),
  };
  const ffn = feedForward(config, { hiddenSize, std });
  const stack = (isDecoder: boolean, numLayers: number): TransformerStack => {
    const bias = new T5Bias({ ...bucket, isBidirectional: !isDecoder, numHeads, std });
    const positions = hasTablePerLayer ? noPositions : bias;
    const attention = new SelfAttention({
      ...shared,
      numKeyValueHeads: numHeads,
      positions,
      relative: hasTablePerLayer ? new LayerBias(bias) : undefined,
      isCausal: isDecoder,
    });
    const block = new TransformerBlock({
      attentionNorm: norm,
      attention,
      ...(isDecoder && { crossAttentionNorm: norm, crossAttention: new CrossAttention(shared) }),
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
    const blocks = Array.from({ length: numLayers }, () => block);
    return new TransformerStack({ hiddenSize, positions, blocks, finalNorm: norm, std });
  };
  config.refuse("is_decoder", false);
  const numLayers = config.number("num_layers");
  const isTied = config.boolean("tie_word_embeddings", true);
  const isScaled =
    config.string("model_type") !== "mt5" && config.boolean("scale_decoder_outputs", isTied);
  const vocabSize = config.number("vocab_size");
  const network = new EncoderDecoder({
    vocabSize,
    encoder: stack(false, numLayers),
    decoder: stack(true, config.optionalNumber("num_decoder_layers", numLayers)),
    head: new LanguageHead({
      vocabSize,
      hiddenSize,
      isTied,
      scale: isScaled ? hiddenSize ** -0.5 : 1,
      std,
    }),
    std,
    initializers: t5Initializers({ hiddenSize, headDim, factor }),
  });
  return {
    network,
    storage: storageOf(tensors(isTied, ffn instanceof GatedMLP), network.parameters()),
    decoderStart: config.count("decoder_start_token_id", 0),
    unused: [/EncDecAttention\.relative_attention_bias\.weight$/],
  };
}

function feedForward(
  config: ConfigReader,
  { hiddenSize, std }: { hiddenSize: number; std: number },
): MLP | GatedMLP {
  const kinds = activationNames.flatMap((name) => [name, `gated-${name}`]);
  const kind = config.choice("feed_forward_proj", kinds, "relu");
  const isGated = kind.startsWith("gated-");
  config.ignore("dense_act_fn", "is_gated_act"); // derived from `feed_forward_proj` by the reference
  const name = activationNames.find((candidate) => candidate === kind.replace("gated-", ""))!;
  const options = {
    hiddenSize,
    intermediateSize: config.number("d_ff"),
    // The files of T5 1.1 say "gelu" and mean its approximation.
    activation: kind === "gated-gelu" ? "gelu_new" : name,
    hasBias: false,
    std,
    outputStd: std,
  } as const;
  return isGated ? new GatedMLP(options) : new MLP(options);
}

function tensors(isTied: boolean, isGated: boolean): StorageTable {
  const tables = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];
  return {
    "shared.weight": {
      parts: ["embedding.weight"],
      copies: [...tables, ...(isTied ? ["lm_head.weight"] : [])],
    },
    lm_head: "head",
    ...stackTensors("encoder", { ffn: 1, isGated }),
    ...stackTensors("decoder", { ffn: 2, isGated }),
    "decoder.block.{i}.layer.1.layer_norm": "decoder.layers.{i}.crossAttentionNorm",
    ...attentionTensors(
      "decoder.block.{i}.layer.1.EncDecAttention",
      "decoder.layers.{i}.crossAttention",
    ),
  };
}

function stackTensors(
  stack: string,
  { ffn, isGated }: { ffn: number; isGated: boolean },
): StorageTable {
  const [layer, part] = [`${stack}.block.{i}.layer`, `${stack}.layers.{i}`];
  const dense = `${layer}.${ffn}.DenseReluDense`;
  return {
    [`${stack}.block.0.layer.0.SelfAttention.relative_attention_bias`]: `${stack}.positions`,
    [`${layer}.0.SelfAttention.relative_attention_bias`]: `${part}.attention.relative`,
    [`${layer}.0.layer_norm`]: `${part}.attentionNorm`,
    ...attentionTensors(`${layer}.0.SelfAttention`, `${part}.attention`),
    [`${layer}.${ffn}.layer_norm`]: `${part}.ffnNorm`,
    [`${dense}.wi_0`]: `${part}.ffn.gate`,
    [`${dense}.${isGated ? "wi_1" : "wi"}`]: `${part}.ffn.up`,
    [`${dense}.wo`]: `${part}.ffn.down`,
    [`${stack}.final_layer_norm`]: `${stack}.finalNorm`,
  };
}

function attentionTensors(file: string, part: string): StorageTable {
  return {
    [`${file}.q`]: `${part}.query`,
    [`${file}.k`]: `${part}.key`,
    [`${file}.v`]: `${part}.value`,
    [`${file}.o`]: `${part}.output`,
  };
}
