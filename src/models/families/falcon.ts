import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  FalconAlibi,
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  parallelNorm,
  parallelNorms,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * Falcon, in three forms: 7B (one key/value head, attention and MLP side by side behind one norm),
 * 40B and 180B (`new_decoder_architecture`: groups of heads, two norms, or one in 11B), and RW
 * (ALiBi, attention before the MLP). Files store query, key and value group by group in one tensor.
 *
 * @see Almazrouei et al. 2023, https://arxiv.org/abs/2311.16867
 */
export function falcon(config: ConfigReader): Architecture {
  const width = config.firstOf("hidden_size", "n_embed");
  const hiddenSize = config.number(width);
  const heads = config.firstOf("num_attention_heads", "n_head");
  const numHeads = config.number(heads);
  const isNew = config.boolean("new_decoder_architecture", false);
  const isParallel = config.boolean("parallel_attn", true);
  const hasOneKey = config.boolean("multi_query", true) && !isNew;
  const grouped = config.optionalNumber(config.firstOf("num_kv_heads", "n_head_kv"), numHeads);
  const numKeyValueHeads = hasOneKey ? 1 : isNew ? grouped : numHeads;
  const hasTwoNorms = isNew && config.optionalNumber("num_ln_in_parallel_attn", 2) === 2;
  if (isNew && !isParallel)
    throw new ConfigError("config.json: new_decoder_architecture: expected parallel_attn with it");

  const headDim = config.divide(width, heads);
  const std = config.positive("initializer_range", 0.02);
  const scale = 1 / Math.sqrt(headDim);
  const positions = config.boolean("alibi", false)
    ? new FalconAlibi({ numHeads, numKeyValueHeads, scale: scale * timesOfAlibi(config) })
    : ropeFrom(config, { headDim });
  const norm = new LayerNorm({
    size: hiddenSize,
    eps: config.positive("layer_norm_epsilon", 1e-5),
  });
  const shared = { hiddenSize, hasBias: config.boolean("bias", false), std, outputStd: std };
  const attention = { ...shared, numHeads, numKeyValueHeads, headDim, scale, positions };
  const numLayers = config.number(config.firstOf("num_hidden_layers", "n_layer"));
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({ ...attention, isCausal: true }),
    ffnNorm: hasTwoNorms || !isParallel ? norm : undefined,
    ffn: new MLP({
      ...shared,
      intermediateSize: config.optionalNumber("ffn_hidden_size", 4 * hiddenSize),
      activation: config.choice("activation", activationNames, "gelu"),
    }),
    residual: hasTwoNorms ? parallelNorms : isParallel ? parallelNorm : preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  config.ignore("num_ln_in_parallel_attn", "rope_parameters", "rope_theta", "alibi_times");
  config.refuse("apply_residual_connection_post_layernorm", false);
  const table = tensors(numKeyValueHeads, hasTwoNorms);
  return { network, storage: storageOf(table, network.parameters()) };
}

/**
 * How often the bias is added. Once, as Falcon-RW was trained and as every fast attention has it;
 * but transformers 5, where it computes scores one by one ("eager"), adds it to the mask as well,
 * and tiny models made there expect it. `alibi_times` in config.json decides; else the version does.
 */
function timesOfAlibi(config: ConfigReader): number {
  const version = config.has("transformers_version") ? config.string("transformers_version") : "";
  return config.optionalNumber("alibi_times", version.startsWith("5.") ? 2 : 1);
}

const own = "layers.{i}.attention";

const tensors = (heads: number, hasTwoNorms: boolean): StorageTable => ({
  "transformer.word_embeddings": "embedding",
  ...(hasTwoNorms
    ? {
        "transformer.h.{i}.ln_attn": "layers.{i}.attentionNorm",
        "transformer.h.{i}.ln_mlp": "layers.{i}.ffnNorm",
      }
    : {
        "transformer.h.{i}.input_layernorm": "layers.{i}.attentionNorm",
        "transformer.h.{i}.post_attention_layernorm": "layers.{i}.ffnNorm",
      }),
  "transformer.h.{i}.self_attention.query_key_value": {
    parts: [`${own}.query`, `${own}.key`, `${own}.value`],
    heads,
  },
  "transformer.h.{i}.self_attention.dense": `${own}.output`,
  "transformer.h.{i}.mlp.dense_h_to_4h": "layers.{i}.ffn.up",
  "transformer.h.{i}.mlp.dense_4h_to_h": "layers.{i}.ffn.down",
  "transformer.ln_f": "finalNorm",
  lm_head: "head",
});
