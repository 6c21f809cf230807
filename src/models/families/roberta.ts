import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import { LearnedEmbedding } from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { bertEncoder } from "../assembly/bert-encoder.ts";
import { storageOf } from "../storage/storage-table.ts";
import { headTensors } from "../storage/tied-head.ts";
import { bertTensors } from "./bert.ts";

/**
 * RoBERTa, XLM-RoBERTa and CamemBERT: BERT with positions that count tokens other than padding,
 * from the row behind that of the padding's id. A table of 514 rows has 512 positions.
 *
 * @see Liu et al. 2019, https://arxiv.org/abs/1907.11692
 * @see Conneau et al. 2019, https://arxiv.org/abs/1911.02116 (XLM-RoBERTa)
 */
export function roberta(config: ConfigReader): Architecture {
  const paddingId = config.count("pad_token_id", 1);
  const offset = paddingId + 1;
  const rows = config.number("max_position_embeddings");
  if (rows <= offset) {
    throw new ConfigError(
      `config.json: max_position_embeddings: expected more rows than the ${offset} before the first position, got ${rows}`,
    );
  }
  const positions = new LearnedEmbedding({
    hiddenSize: config.number("hidden_size"),
    maxPositions: rows - offset,
    offset,
    fixedRow: paddingId,
    std: config.positive("initializer_range", 0.02),
  });
  const network = bertEncoder(config, {
    positions,
    headActivation: "gelu",
    stack: { paddingId, skipsPadding: true },
  });
  const names = {
    embedding: "roberta.embeddings.word_embeddings",
    bias: "lm_head.bias",
    decoder: "lm_head.decoder",
  };
  const tensors = {
    ...bertTensors("roberta"),
    ...headTensors(names, network),
    "lm_head.dense": "head.transform",
    "lm_head.layer_norm": "head.norm",
  };
  return {
    network,
    storage: storageOf(tensors, network.parameters()),
    unused: [/^roberta\.pooler\./, /^lm_head\.bias$/, /\.position_ids$/],
  };
}
