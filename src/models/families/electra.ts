import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { bertEncoder } from "../assembly/bert-encoder.ts";
import { storageOf } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";
import { bertTensors } from "./bert.ts";

/**
 * ELECTRA's generator: BERT with token embeddings of fewer channels, made wide behind the norm. The
 * head's activation is the exact GELU, whatever the layers have.
 *
 * @see Clark et al. 2020, https://arxiv.org/abs/2003.10555
 */
export function electra(config: ConfigReader): Architecture {
  const embeddingSize = config.optionalNumber("embedding_size", config.number("hidden_size"));
  const network = bertEncoder(config, { embeddingSize, headActivation: "gelu" });
  const names = {
    embedding: "electra.embeddings.word_embeddings",
    bias: "generator_lm_head.bias",
    decoder: "generator_lm_head",
  };
  const tensors = {
    ...bertTensors("electra"),
    ...headTensors(names, network),
    "electra.embeddings_project": "embeddingProjection",
    "generator_predictions.dense": "head.transform",
    "generator_predictions.LayerNorm": "head.norm",
  };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [/\.position_ids$/],
  };
}
