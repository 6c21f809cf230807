import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { bertEncoder } from "../assembly/bert-encoder.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";

/**
 * BERT: an encoder that was trained to find hidden tokens, and whether one text follows another.
 * The pooler and the head of the second task are kept and not used.
 *
 * @see Devlin et al. 2018, https://arxiv.org/abs/1810.04805
 */
export function bert(config: ConfigReader): Architecture {
  const network = bertEncoder(config);
  const tensors = {
    ...bertTensors("bert"),
    ...headTensors(
      {
        embedding: "bert.embeddings.word_embeddings",
        bias: "cls.predictions.bias",
        decoder: "cls.predictions.decoder",
      },
      network,
    ),
    "cls.predictions.transform.dense": "head.transform",
    "cls.predictions.transform.LayerNorm": "head.norm",
  };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [
      /^bert\.pooler\./,
      /^cls\.seq_relationship\./,
      /^cls\.predictions\.bias$/,
      /\.position_ids$/,
    ],
  };
}

/** Tensor names of BERT's embeddings and layers, and of those that follow it. */
export function bertTensors(prefix: string): StorageTable {
  const layer = `${prefix}.encoder.layer.{i}`;
  return {
    [`${prefix}.embeddings.position_embeddings`]: "positions",
    [`${prefix}.embeddings.token_type_embeddings`]: "tokenTypes",
    [`${prefix}.embeddings.LayerNorm`]: "embeddingNorm",
    [`${layer}.attention.self.query`]: "layers.{i}.attention.query",
    [`${layer}.attention.self.key`]: "layers.{i}.attention.key",
    [`${layer}.attention.self.value`]: "layers.{i}.attention.value",
    [`${layer}.attention.output.dense`]: "layers.{i}.attention.output",
    [`${layer}.attention.output.LayerNorm`]: "layers.{i}.attentionNorm",
    [`${layer}.intermediate.dense`]: "layers.{i}.ffn.up",
    [`${layer}.output.dense`]: "layers.{i}.ffn.down",
    [`${layer}.output.LayerNorm`]: "layers.{i}.ffnNorm",
  };
}
