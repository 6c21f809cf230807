import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  LearnedEmbedding,
  SinusoidalEmbedding,
  postNorm,
  preNorm,
  type PositionEncoding,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { bartNetwork, type BartVariant } from "../assembly/bart-network.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * BART: the original transformer with learned positions, whose table has two rows before the
 * first, and a norm on the embeddings.
 *
 * @see Lewis et al. 2019, https://arxiv.org/abs/1910.13461
 */
export function bart(config: ConfigReader): Architecture {
  const positions = learned(config);
  config.refuse("normalize_before", false);
  config.refuse("add_final_layer_norm", false);
  return architecture(config, {
    residual: postNorm,
    hasFinalNorm: false,
    hasEmbeddingNorm: config.boolean("normalize_embedding", true),
    positions,
  });
}

/**
 * mBART: BART with pre-norm and norms behind the stacks.
 *
 * @see Liu et al. 2020, https://arxiv.org/abs/2001.08210
 */
export function mbart(config: ConfigReader): Architecture {
  const positions = learned(config);
  config.refuse("normalize_before", true);
  config.refuse("add_final_layer_norm", true);
  return architecture(config, {
    residual: preNorm,
    hasFinalNorm: true,
    hasEmbeddingNorm: config.boolean("normalize_embedding", true),
    positions,
  });
}

/**
 * Marian: the original transformer itself, post-norm with sinusoidal positions.
 *
 * @see Junczys-Dowmunt et al. 2018, https://arxiv.org/abs/1804.00344
 */
export function marian(config: ConfigReader): Architecture {
  const vocabSize = config.number("vocab_size");
  config.refuse("share_encoder_decoder_embeddings", true);
  if (config.optionalNumber("decoder_vocab_size", vocabSize) !== vocabSize)
    throw new ConfigError("config.json: decoder_vocab_size: only vocab_size is implemented");
  return architecture(config, {
    residual: postNorm,
    hasFinalNorm: false,
    hasEmbeddingNorm: false,
    positions: sinusoidal(config),
  });
}

/**
 * Pegasus: pre-norm with norms behind the stacks and sinusoidal positions.
 *
 * @see Zhang et al. 2019, https://arxiv.org/abs/1912.08777
 */
export function pegasus(config: ConfigReader): Architecture {
  return architecture(config, {
    residual: preNorm,
    hasFinalNorm: true,
    hasEmbeddingNorm: false,
    positions: sinusoidal(config),
  });
}

/**
 * M2M-100 and NLLB: pre-norm with norms behind the stacks, and tensor2tensor's sinusoidal
 * positions, which begin behind the number of the padding's id.
 *
 * @see Fan et al. 2020, https://arxiv.org/abs/2010.11125
 * @see NLLB Team 2022, https://arxiv.org/abs/2207.04672
 */
export function m2m100(config: ConfigReader): Architecture {
  const offset = config.count("pad_token_id", 1) + 1;
  const options = {
    hiddenSize: config.number("d_model"),
    layout: "halves",
    offset,
    scale: 1,
  } as const;
  return architecture(config, {
    residual: preNorm,
    hasFinalNorm: true,
    hasEmbeddingNorm: false,
    hasHeadBias: false,
    positions: () => new SinusoidalEmbedding(options),
  });
}

/** Sines and cosines in halves; files may have the table, which is no parameter. */
function sinusoidal(config: ConfigReader): () => PositionEncoding {
  const hiddenSize = config.number("d_model");
  const options = { hiddenSize, layout: "halves", hasPaperFrequencies: true, scale: 1 } as const;
  return () => new SinusoidalEmbedding(options);
}

function learned(config: ConfigReader): (std: number) => PositionEncoding {
  const hiddenSize = config.number("d_model");
  const maxPositions = config.number("max_position_embeddings");
  return (std) => new LearnedEmbedding({ hiddenSize, maxPositions, offset: 2, std });
}

function architecture(config: ConfigReader, variant: BartVariant): Architecture {
  const network = bartNetwork(config, variant);
  config.ignore(
    "forced_bos_token_id",
    "forced_eos_token_id",
    "normalize_before",
    "add_bias_logits",
  );
  config.ignore("add_final_layer_norm", "normalize_embedding", "static_position_embeddings");
  const vocabSize = config.number("vocab_size");
  const isTied = config.boolean("tie_word_embeddings", true);
  return {
    network,
    storage: storageOf(tensors(vocabSize, isTied), network.parameters()),
    decoderStart: config.count("decoder_start_token_id", config.count("eos_token_id", 2)),
    unused: [
      /coder\.version$/,
      /coder\.embed_positions\.weight$/,
      ...(isTied ? [] : [/^model\.shared\.weight$/]),
    ],
  };
}

function tensors(vocabSize: number, isTied: boolean): StorageTable {
  const [encoder, decoder] = [
    "model.encoder.embed_tokens.weight",
    "model.decoder.embed_tokens.weight",
  ];
  return {
    // Where the head is not the table of tokens, the stacks do not share one either.
    ...(isTied
      ? {
          "model.shared.weight": {
            parts: ["embedding.weight"],
            copies: [encoder, decoder, "lm_head.weight"],
          },
        }
      : { [encoder]: "encoderEmbedding.weight", [decoder]: "embedding.weight" }),
    "lm_head.weight": "head.weight",
    final_logits_bias: { parts: ["head.bias"], view: [1, vocabSize] },
    ...stackTensors("encoder"),
    ...stackTensors("decoder"),
    ...attentionTensors(
      "model.decoder.layers.{i}.encoder_attn",
      "decoder.layers.{i}.crossAttention",
    ),
  };
}

function stackTensors(stack: string): StorageTable {
  const [layer, part] = [`model.${stack}.layers.{i}`, `${stack}.layers.{i}`];
  return {
    [`model.${stack}.embed_positions`]: `${stack}.positions`,
    [`model.${stack}.layernorm_embedding`]: `${stack}.embeddingNorm`,
    [`model.${stack}.layer_norm`]: `${stack}.finalNorm`,
    ...attentionTensors(`${layer}.self_attn`, `${part}.attention`),
    [`${layer}.fc1`]: `${part}.ffn.up`,
    [`${layer}.fc2`]: `${part}.ffn.down`,
    [`${layer}.final_layer_norm`]: `${part}.ffnNorm`,
  };
}

function attentionTensors(file: string, part: string): StorageTable {
  return {
    [`${file}.q_proj`]: `${part}.query`,
    [`${file}.k_proj`]: `${part}.key`,
    [`${file}.v_proj`]: `${part}.value`,
    [`${file}.out_proj`]: `${part}.output`,
    [`${file}_layer_norm`]: `${part}Norm`,
  };
}
