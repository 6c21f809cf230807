import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LayerNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  noPositions,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { encoder } from "../assembly/language-models.ts";
import { layerTypes, windowOf } from "../assembly/layer-types.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";

/**
 * ModernBERT: an encoder with pre-norm, RoPE, GEGLU and no biases. One layer in three sees the
 * whole text, the others a window to both sides, with a base of the frequencies for each kind. The
 * first layer has no norm before attention: the embeddings are normalized already.
 *
 * @see Warner et al. 2024, https://arxiv.org/abs/2412.13663
 */
export function modernbert(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const eps = config.positive("norm_eps", 1e-5);
  const norm = new LayerNorm({
    size: hiddenSize,
    eps,
    hasBias: config.boolean("norm_bias", false),
  });
  const theta = {
    full_attention: config.positive("global_rope_theta", 160_000),
    sliding_attention: config.positive("local_rope_theta", 10_000),
  };
  // `local_attention` counts the places to both sides, and not the token itself.
  const window = Math.floor(config.optionalNumber("local_attention", 128) / 2) + 1;
  const hasBias = config.boolean("attention_bias", false);
  const ffn = new GatedMLP({
    ...sizes,
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_activation", activationNames, "gelu"),
    hasBias: config.boolean("mlp_bias", false),
  });
  const every = config.optionalNumber("global_attn_every_n_layers", 3);
  const types = layerTypes(config, config.number("num_hidden_layers"), (i) =>
    i % every === 0 ? "full_attention" : "sliding_attention",
  );
  const blocks = types.map((layerType, i) => {
    const positions = ropeFrom(config, { headDim, layerType, theta: theta[layerType] });
    const own = { positions, window: windowOf(layerType, window) };
    return new TransformerBlock({
      attentionNorm: i === 0 ? undefined : norm,
      attention: new SelfAttention({
        ...sizes,
        ...own,
        hasBias,
        isCausal: false,
        blindRows: "mean",
      }),
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  });
  const network = encoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions: noPositions,
    embeddingNorm: norm,
    blocks,
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    head: {
      hasBias: config.boolean("decoder_bias", true),
      transform: {
        outSize: hiddenSize,
        activation: config.choice("classifier_activation", activationNames, "gelu"),
        norm,
        hasBias: config.boolean("classifier_bias", false),
      },
    },
    paddingId: config.has("pad_token_id") ? config.count("pad_token_id", 0) : undefined,
    std,
  });
  config.ignore("classifier_pooling", "embedding_dropout", "initializer_cutoff_factor");
  config.ignore("mlp_dropout", "deterministic_flash_attn", "cls_token_id", "sep_token_id");
  config.ignore("sparse_prediction", "sparse_pred_ignore_index", "reference_compile");
  config.ignore("repad_logits_with_grad", "position_embedding_type", "layer_norm_eps");
  const names = {
    embedding: "model.embeddings.tok_embeddings",
    bias: "decoder.bias",
    decoder: "decoder",
  };
  const tensors = { ...modernbertTensors, ...headTensors(names, network) };
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const part = "layers.{i}";

const modernbertTensors = {
  "model.embeddings.norm": "embeddingNorm",
  "model.layers.{i}.attn_norm": `${part}.attentionNorm`,
  "model.layers.{i}.attn.Wqkv": {
    parts: [`${part}.attention.query`, `${part}.attention.key`, `${part}.attention.value`],
  },
  "model.layers.{i}.attn.Wo": `${part}.attention.output`,
  "model.layers.{i}.mlp_norm": `${part}.ffnNorm`,
  "model.layers.{i}.mlp.Wi": { parts: [`${part}.ffn.gate`, `${part}.ffn.up`] },
  "model.layers.{i}.mlp.Wo": `${part}.ffn.down`,
  "model.final_norm": "finalNorm",
  "head.dense": "head.transform",
  "head.norm": "head.norm",
};
