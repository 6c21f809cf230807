import type { TokenizerMeasures } from "orrery-lm/tokenizers";
import type { Experiment, OutcomeRecord, RunContext } from "../experiment.ts";
import { toJson } from "../json.ts";

/** What a tokenizer is learned by. */
export const tokenizerAlgorithms = {
  bpe: "BPE over bytes",
  "wordpiece-likelihood": "WordPiece, likelihood",
  "wordpiece-ratio": "WordPiece, ratio",
  "wordpiece-frequency": "WordPiece, frequency",
  unigram: "Unigram",
} as const;

/** The key of an algorithm. */
export type TokenizerAlgorithm = keyof typeof tokenizerAlgorithms;

/** An algorithm on the text of one language. */
export interface TokenizersArm {
  readonly algorithm: TokenizerAlgorithm;
  /** The key of a language: "en". */
  readonly language: string;
}

/** A text of one language. */
export interface LanguageText {
  readonly name: string;
  readonly characters: number;
  readonly sha256: string;
}

/** What arms share and outcomes depend on. */
export interface TokenizersSettings {
  readonly sizes: readonly number[];
  /** The share of each text that is measured on and not learned from. */
  readonly heldOut: number;
  readonly languages: Readonly<Record<string, LanguageText>>;
}

/** How a tokenizer of one size does on text that it has not seen. */
export interface SizeOutcome {
  /** Tokens asked for. */
  readonly size: number;
  readonly measures: TokenizerMeasures;
  /** A sentence, cut at its tokens. */
  readonly sample: readonly string[];
}

/** What an arm gives. */
export interface TokenizersOutcome {
  readonly sizes: readonly SizeOutcome[];
}

/** A finished arm. */
export type TokenizersRecord = OutcomeRecord<TokenizersOutcome>;

/** What {@link tokenizersExperiment} needs. */
export interface TokenizersOptions {
  readonly settings: TokenizersSettings;
  readonly run: (arm: TokenizersArm, context: RunContext) => Promise<TokenizersOutcome>;
}

/** The key of an arm. */
export function tokenizersArmKey({ algorithm, language }: TokenizersArm): string {
  return `${language}-${algorithm}`;
}

/**
 * Which algorithm learns the better vocabulary? BPE, WordPiece by three scores and Unigram from the
 * same text, at several sizes, measured on text that none has seen.
 *
 * Nothing here is random: there is one seed, and it changes nothing.
 */
export function tokenizersExperiment({
  settings,
  run,
}: TokenizersOptions): Experiment<TokenizersArm, TokenizersOutcome> {
  const algorithms = Object.keys(tokenizerAlgorithms) as TokenizerAlgorithm[];
  const arms = Object.keys(settings.languages).flatMap((language) =>
    algorithms.map((algorithm): TokenizersArm => ({ algorithm, language })),
  );
  return {
    name: "tokenizers",
    title: "Which tokenizer needs fewer tokens?",
    question:
      "BPE, WordPiece by three scores and Unigram learn from the same text, at several sizes: how " +
      "many tokens does unseen text take, what is unknown, and how much of the vocabulary is used?",
    arms: Object.fromEntries(arms.map((arm) => [tokenizersArmKey(arm), arm])),
    seeds: [0],
    measures: [
      {
        name: "fertility",
        unit: "tokens per word",
        description: "of words between white space; per character where there are no blanks",
      },
      {
        name: "unknownRate",
        unit: "share of tokens",
        description: "tokens that stand for something unknown",
      },
      {
        name: "vocabularyUsed",
        unit: "share of the vocabulary",
        description: "tokens that occur in the unseen text",
      },
    ],
    settings: toJson(settings, "settings"),
    run: (arm, _seed, context) => run(arm, context),
  };
}
