/** What the survey says otherwise than the code and the files that it cites. */

import type { RegistryRow } from "../../src/models/registry/registry-row.ts";

/** One field of one row. */
export interface Correction {
  readonly id: string;
  readonly field: keyof RegistryRow;
  readonly was: unknown;
  readonly is: unknown;
  readonly reason: string;
}

const noBiases = { qkv: false, attnOut: false, mlp: false };

export const corrections: readonly Correction[] = [
  {
    id: "nomic-bert",
    field: "bias",
    was: { ...noBiases, norm: true, lmHead: false },
    is: { ...noBiases, norm: true, lmHead: true },
    reason: "modeling_nomic_bert.py of transformers 5.18: the decoder is a Linear with bias=True",
  },
  {
    id: "nomic-bert",
    field: "unverifiedFields",
    was: ["bias"],
    is: [],
    reason: "read in modeling_nomic_bert.py of transformers 5.18: no other Linear has a bias",
  },
  {
    id: "recurrent-gemma",
    field: "unverifiedFields",
    was: ["bias", "headsQKv"],
    is: ["headsQKv"],
    reason:
      "modeling_recurrent_gemma.py of transformers 5.18: o_proj and all of the MLP have biases",
  },
  {
    id: "baichuan-2",
    field: "variant",
    was: "7B (RoPE) / 13B (ALiBi)",
    is: "7B",
    reason: "only the 7B has RoPE; the 13B has ALiBi and a row of its own",
  },
  {
    id: "baichuan-2",
    field: "positionNotes",
    was: "13B ALiBi with 40 heads",
    is: null,
    reason: "said by the 13B's own row",
  },
  {
    id: "opt",
    field: "variant",
    was: "125M..175B",
    is: "125M..175B but 350M",
    reason: "OPT-350M is post-norm and has a row of its own",
  },
  {
    id: "opt",
    field: "normNotes",
    was: "350M is POST-norm with 512->1024 projections and no final norm",
    is: "final LayerNorm",
    reason: "said by the 350M's own row",
  },
];
