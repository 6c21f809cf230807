import type { OptionSpec } from "../command.ts";

/** What `--algorithm` takes. */
export const ALGORITHMS = ["bpe", "wordpiece", "unigram", "sentencepiece-bpe"] as const;

/** What learns the tokens. */
export type Algorithm = (typeof ALGORITHMS)[number];

/** An option that only some algorithms have, and the name under which each of them knows it. */
export interface AlgorithmOption {
  readonly names: Readonly<Partial<Record<Algorithm, string>>>;
}

/** Options by their long names. */
export type AlgorithmOptions = Readonly<Record<string, OptionSpec & AlgorithmOption>>;

interface Group {
  readonly group: string;
}

export const BPE: Group = { group: "Options of bpe" };
export const WORD_PIECE: Group = { group: "Options of wordpiece" };
export const SENTENCE_PIECE: Group = { group: "Options of unigram and sentencepiece-bpe" };
export const SHARED: Group = { group: "Options of several algorithms" };

/** An option that is given or not. */
export const flag = (help: string): { readonly type: "flag"; readonly help: string } => ({
  type: "flag",
  help,
});
/** An option that is on unless it is told otherwise. */
export const yesOrNo = (
  help: string,
): { readonly type: "choice"; readonly choices: readonly string[]; readonly help: string } => ({
  type: "choice",
  choices: ["yes", "no"],
  help: `${help} [yes]`,
});
/** The name of an option that both trainers of SentencePiece have. */
export const both = (name: string): { readonly names: AlgorithmOption["names"] } => ({
  names: { unigram: name, "sentencepiece-bpe": name },
});

/** The option that says which others there are. */
export const algorithmOption = {
  algorithm: { type: "choice", choices: ALGORITHMS, help: "what learns the tokens [bpe]" },
} as const;
