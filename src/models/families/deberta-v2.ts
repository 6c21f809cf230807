import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  DisentangledTable,
  DisentangledTerms,
  LayerNorm,
  LearnedEmbedding,
  noPositions,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { bertEncoder, type BertVariant } from "../assembly/bert-encoder.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";
import { bertTensors } from "./bert.ts";

/**
 * DeBERTa-v2 and v3: BERT with disentangled attention, in which content and distance have vectors
 * of their own; distances share rows by logarithm.
 *
 * @see He et al. 2020, https://arxiv.org/abs/2006.03654
 * @see He et al. 2021, https://arxiv.org/abs/2111.09543 (v3)
 */
export function debertaV2(config: ConfigReader): Architecture {
  config.ignore("pooler_dropout", "pooler_hidden_act", "pooler_hidden_size");
  const hiddenSize = config.number("hidden_size");
  if (config.count("conv_kernel_size", 0) > 0)
    throw new ConfigError("config.json: conv_kernel_size: a convolution is not implemented");
  if (config.optionalNumber("embedding_size", hiddenSize) !== hiddenSize)
    throw new ConfigError("config.json: embedding_size: only hidden_size is implemented");
  const network = bertEncoder(config, disentangled(config));
  const isLegacy = config.boolean("legacy", true);
  const head = isLegacy ? "cls.predictions" : "lm_predictions.lm_head";
  const names = {
    embedding: "deberta.embeddings.word_embeddings",
    bias: `${head}.bias`,
    decoder: `${head}.decoder`,
  };
  const transform = isLegacy ? `${head}.transform` : head;
  const tensors = {
    ...debertaTensors(config.boolean("relative_attention", false)),
    ...headTensors(names, network),
    [`${transform}.dense`]: "head.transform",
    [`${transform}.LayerNorm`]: "head.norm",
  };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [/^mask_predictions\./, /\.position_ids$/],
  };
}

function disentangled(config: ConfigReader): BertVariant {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const headDim = config.divide("hidden_size", "num_attention_heads");
  const std = config.positive("initializer_range", 0.02);
  const eps = config.positive("layer_norm_eps", 1e-7);
  const maxPositions = config.number("max_position_embeddings");
  const absolute = config.boolean("position_biased_input", true)
    ? new LearnedEmbedding({ hiddenSize, maxPositions, std })
    : undefined;
  const kinds = attentionKinds(config);
  const scale = 1 / Math.sqrt(headDim * (1 + kinds.length));
  const padding = { blindsPadding: true, blindRows: "mean" } as const;
  const stack = { clearsPadding: true };
  const maxDistance = sizeOrUnused(config, "max_relative_positions") ?? maxPositions;
  const buckets = sizeOrUnused(config, "position_buckets");
  const isNormed = config.choice("norm_rel_ebd", ["none", "layer_norm"], "none") === "layer_norm";
  const sharesProjections = config.boolean("share_att_key", false);
  if (!config.boolean("relative_attention", false))
    return { positions: absolute ?? noPositions, attention: { scale, ...padding }, stack, eps };
  const span = buckets ?? maxDistance;
  const norm = isNormed ? new LayerNorm({ size: hiddenSize, eps }) : undefined;
  const table = new DisentangledTable({ hiddenSize, span, norm, absolute, std });
  const relative = new DisentangledTerms({
    table,
    span,
    buckets,
    maxDistance,
    hiddenSize,
    numHeads,
    headDim,
    contentToPosition: kinds.includes("c2p"),
    positionToContent: kinds.includes("p2c"),
    sharesProjections,
    std,
  });
  return { positions: table, attention: { relative, scale, ...padding }, stack, eps };
}

/** `pos_att_type`: a list, or names with bars between them in old files. */
function attentionKinds(config: ConfigReader): string[] {
  const value = config.has("pos_att_type") ? config.values["pos_att_type"] : [];
  const kinds: unknown[] = typeof value === "string" ? value.split("|") : [value].flat();
  if (!kinds.every((kind) => kind === "c2p" || kind === "p2c")) {
    throw new ConfigError(
      `config.json: pos_att_type: expected c2p and p2c, got ${JSON.stringify(value)}`,
    );
  }
  return [...new Set(kinds as string[])];
}

/** A size, of which files say -1 where it is not used. */
function sizeOrUnused(config: ConfigReader, key: string): number | undefined {
  return config.has(key) && Number(config.values[key]) !== -1 ? config.number(key) : undefined;
}

function debertaTensors(isRelative: boolean): StorageTable {
  const layer = "deberta.encoder.layer.{i}.attention.self";
  const bert = Object.entries(bertTensors("deberta")).map(([name, part]) => [
    name.replace(/self\.(query|key|value)$/, "self.$1_proj"),
    isRelative && part === "positions" ? "positions.absolute" : part,
  ]);
  return {
    ...(Object.fromEntries(bert) as StorageTable),
    ...(isRelative && {
      "deberta.encoder.rel_embeddings": "positions",
      "deberta.encoder.LayerNorm": "positions.norm",
    }),
    [`${layer}.pos_key_proj`]: "layers.{i}.attention.relative.key",
    [`${layer}.pos_query_proj`]: "layers.{i}.attention.relative.query",
  };
}
