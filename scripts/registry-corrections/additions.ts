/** Models that the survey left out, each as what differs from a row that it has. */

import type { RegistryRow } from "../../src/models/registry/registry-row.ts";

/** A row behind the one that it is like. */
export interface Addition {
  readonly like: string;
  readonly row: Partial<RegistryRow> & Pick<RegistryRow, "id">;
  readonly reason: string;
}

const alibi = { position: "alibi", ropeLayout: null, ropeTheta: null, ropeFraction: null } as const;

export const additions: readonly Addition[] = [
  {
    like: "baichuan-2",
    reason: "the 13B has ALiBi where the 7B has RoPE",
    row: {
      id: "baichuan-2-13b",
      variant: "13B",
      ...alibi,
      positionNotes: "40 heads => non power of two slopes",
      attention: "mha",
      headsQKv: "40/40",
    },
  },
  {
    like: "opt",
    reason: "the only size of OPT that is post-norm",
    row: {
      id: "opt-350m",
      variant: "350M",
      normPlacement: "post",
      normNotes: "no final norm",
      headsQKv: "16/16",
      extras: ["embeddings of 512 channels, projected to 1024 and back without bias"],
    },
  },
  {
    like: "cerebras-gpt",
    reason:
      "its config.json says position_embedding_type: alibi; the question about ALiBi asks for it",
    row: {
      id: "btlm-3b-8k",
      family: "BTLM",
      variant: "3B-8K",
      hfModelType: "btlm",
      ...alibi,
      positionNotes: "position_embedding_type alibi",
      ffn: "swiglu",
      activation: "silu",
      geluForm: null,
      headsQKv: "32/32",
      contextLength: 8192,
      extras: ["maximal update parametrization: scaled embeddings, logits and attention scores"],
      verification: "A",
      unverifiedFields: ["normEps", "headsQKv", "bias", "vocabSize", "embeddingRows"],
      source: "cerebras/btlm-3b-8k-base config.json; arXiv:2309.11568",
    },
  },
  {
    like: "bert",
    reason: "an encoder with ALiBi; the question about ALiBi asks for it",
    row: {
      id: "mosaic-bert",
      family: "MosaicBERT",
      variant: "base",
      org: "MosaicML",
      year: 2023,
      hfModelType: null,
      ...alibi,
      positionNotes: "both directions: the distance without its sign",
      ffn: "geglu",
      embeddingRows: 30528,
      headsQKv: "12/12",
      extras: ["the norm runs in low precision"],
      verification: "A",
      unverifiedFields: ["normEps", "bias", "geluForm", "contextLength", "embeddingRows"],
      source: "mosaicml/mosaic-bert-base; arXiv:2312.17482",
    },
  },
];
