/** What is known of a published model, as data. */

/** Where projections, norms and the head have biases. */
export interface RegistryBiases {
  readonly qkv: boolean;
  readonly attnOut: boolean;
  readonly mlp: boolean;
  readonly norm: boolean;
  readonly lmHead: boolean;
}

/** How many experts there are, and how many a token reads; null where it is not known. */
export interface RegistryExperts {
  readonly experts: number | null;
  readonly topK: number | null;
  /** Experts that every token reads. */
  readonly shared?: number;
  readonly score?: string;
  readonly groups?: number;
  /** Every how many layers have experts. */
  readonly every?: number;
}

/**
 * How well a row is known. A: values of a released file or of official code were seen. B: default
 * and code of transformers. C: secondary sources. D: memory.
 */
export type EvidenceGrade = "A" | "B" | "C" | "D";

/** One model, or the sizes of one that are built alike; null where a field is unknown or has no meaning. */
export interface RegistryRow {
  readonly id: string;
  readonly family: string;
  readonly variant: string | null;
  readonly org: string;
  readonly year: number;
  /** `model_type` in config.json; null if transformers has no such model. */
  readonly hfModelType: string | null;
  readonly architecture: string;
  readonly tokenizerAlgorithm: string;
  readonly tokenizerImpl: string | null;
  /** Tokens. */
  readonly vocabSize: number | null;
  /** Rows of the embedding table, padding among them. */
  readonly embeddingRows: number | null;
  /** `rope`, `alibi`, `learned`, …; mixtures are joined: `rope+nope`. */
  readonly position: string;
  /** Which channels are turned together, in files of transformers. */
  readonly ropeLayout: "half" | "interleaved" | null;
  readonly ropeTheta: number | null;
  /** The share of channels of a head that is turned. */
  readonly ropeFraction: number | null;
  /** Under the keys of config.json. */
  readonly ropeScaling: Readonly<Record<string, string | number | boolean>> | null;
  readonly positionNotes: string | null;
  /** `layernorm` or `rmsnorm`, with the form of the gain where it is not plain: `rmsnorm(1+w)`. */
  readonly norm: string;
  readonly normEps: number | null;
  /** `pre`, `post`, `sandwich`, `branch` (of what a branch gives, inside the sum), `deepnorm`. */
  readonly normPlacement: string;
  readonly normNotes: string | null;
  /** `plain`, `swiglu`, `geglu`, … */
  readonly ffn: string;
  /** As config.json calls it. */
  readonly activation: string;
  readonly geluForm: "erf" | "tanh" | "quick" | null;
  readonly bias: RegistryBiases;
  readonly attention: string;
  /** Query heads / key and value heads, by size. */
  readonly headsQKv: string | null;
  readonly qkNorm: string | null;
  readonly slidingWindow: number | null;
  readonly attnSoftcap: number | null;
  readonly finalSoftcap: number | null;
  readonly contextLength: number | null;
  readonly tiedEmbeddings: boolean | null;
  /** Whether attention and FFN read the same stream: `one shared norm`, `two norms`, or false. */
  readonly parallelBlock: string | false;
  readonly moe: RegistryExperts | null;
  readonly extras: readonly string[];
  readonly verification: EvidenceGrade;
  /** Fields that are less sure than the row. */
  readonly unverifiedFields: readonly string[];
  readonly source: string;
}
