import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { bertEncoder } from "../assembly/bert-encoder.ts";
import { storageOf } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";

/**
 * ALBERT: BERT whose layers all have the numbers of one, and whose token embeddings have fewer
 * channels, made wide behind the norm.
 *
 * @see Lan et al. 2019, https://arxiv.org/abs/1909.11942
 */
export function albert(config: ConfigReader): Architecture {
  const embeddingSize = config.optionalNumber("embedding_size", 128);
  for (const key of ["num_hidden_groups", "inner_group_num"]) {
    const groups = config.optionalNumber(key, 1);
    if (groups !== 1)
      throw new ConfigError(`config.json: ${key}: only 1 is implemented, got ${groups}`);
  }
  const network = bertEncoder(config, {
    embeddingSize,
    activation: "gelu_new",
    stack: { sharesLayers: true, alwaysProjects: true },
  });
  const names = {
    embedding: "albert.embeddings.word_embeddings",
    bias: "predictions.bias",
    decoder: "predictions.decoder",
  };
  const tensors = { ...albertTensors, ...headTensors(names, network) };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [/^albert\.pooler\./, /^sop_classifier\./, /^predictions\.bias$/, /\.position_ids$/],
  };
}

const layer = "albert.encoder.albert_layer_groups.{i}.albert_layers.0";

const albertTensors = {
  "albert.embeddings.position_embeddings": "positions",
  "albert.embeddings.token_type_embeddings": "tokenTypes",
  "albert.embeddings.LayerNorm": "embeddingNorm",
  "albert.encoder.embedding_hidden_mapping_in": "embeddingProjection",
  [`${layer}.attention.query`]: "layers.{i}.attention.query",
  [`${layer}.attention.key`]: "layers.{i}.attention.key",
  [`${layer}.attention.value`]: "layers.{i}.attention.value",
  [`${layer}.attention.dense`]: "layers.{i}.attention.output",
  [`${layer}.attention.LayerNorm`]: "layers.{i}.attentionNorm",
  [`${layer}.ffn`]: "layers.{i}.ffn.up",
  [`${layer}.ffn_output`]: "layers.{i}.ffn.down",
  [`${layer}.full_layer_layer_norm`]: "layers.{i}.ffnNorm",
  "predictions.dense": "head.transform",
  "predictions.LayerNorm": "head.norm",
};
