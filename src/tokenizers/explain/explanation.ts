import type { NormalizerJson, PreTokenizerJson } from "orrery-lm/formats";

/**
 * How the ids of a text came about, step by step. Plain data: `JSON.stringify` keeps all of it. Places
 * are `[start, end)` in the user's text, in UTF-16 units.
 */
export interface Explanation {
  readonly text: string;
  /** The text cut at its added tokens; together they are the whole text. */
  readonly sections: readonly (FoundToken | TextSection)[];
  /** What `encodeFull` gives, neither cut nor padded. */
  readonly tokens: readonly FinalToken[];
}

/** An added token that stood in the text, with the spaces that it took along. */
export interface FoundToken {
  readonly type: "addedToken";
  readonly start: number;
  readonly end: number;
  /** What the user wrote there, or, if it was found behind the normalizer, what that made of it. */
  readonly text: string;
  readonly id: number;
  readonly token: string;
  readonly isSpecial: boolean;
}

/** Text between two added tokens. */
export interface TextSection {
  readonly type: "text";
  readonly start: number;
  readonly end: number;
  /** The normalizers that changed something, in order. */
  readonly normalizers: readonly NormalizerStep[];
  /** The text behind the normalizer; the same as before where there is none. */
  readonly normalized: string;
  /** The pieces, and the added tokens that are looked for in normalized text only. */
  readonly parts: readonly (FoundToken | ExplainedPiece)[];
}

/** A normalizer that changed the text of a section. */
export interface NormalizerStep {
  readonly name: NormalizerJson["type"];
  /** Lone surrogates are U+FFFD already. */
  readonly before: string;
  readonly after: string;
}

/** What the pre-tokenizer hands to the model at once. */
export interface ExplainedPiece {
  readonly type: "piece";
  /** As the model gets it, prefixes and spelling of the pre-tokenizer included. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The pre-tokenizers that cut or rewrote it, in order; none where it is all of its section. */
  readonly rules: readonly SplitRule[];
  readonly steps: ModelSteps;
  readonly tokens: readonly PieceToken[];
}

/** A pre-tokenizer that had a part in a piece. */
export interface SplitRule {
  readonly name: PreTokenizerJson["type"];
  /**
   * Of `Split` and `ByteLevel`: the alternative of the pattern that matched in the piece, as it is
   * written, such as ` ?\p{L}+`. Null where there is none: for other pre-tokenizers, and for what lies
   * between the matches.
   */
  readonly alternative: string | null;
}

/** What the model did with a piece, by kind of model. */
export type ModelSteps = MergeSteps | WholeToken | MatchSteps | PathSteps | LookUpSteps;

/** A part of a piece, and the token that it is; null where it is none, or none yet. */
export interface ExplainedSymbol {
  readonly text: string;
  readonly id: number | null;
}

/** BPE: neighbors merge, the best pair first. */
export interface MergeSteps {
  readonly type: "merges";
  /** What it starts from: bytes in the byte alphabet, or characters. */
  readonly symbols: readonly ExplainedSymbol[];
  /** In the order in which they were made. */
  readonly merges: readonly MergeMade[];
  /** SentencePiece: pieces that only serve to make others and are taken apart again at the end. */
  readonly takenApart: readonly {
    readonly text: string;
    readonly parts: readonly [left: string, right: string];
  }[];
}

/** A merge that was made. */
export interface MergeMade {
  readonly left: string;
  readonly right: string;
  readonly result: string;
  /** The result as a token. */
  readonly id: number;
  /** The number of the symbol (of those that the piece started from) that the left part begins with. */
  readonly at: number;
  /** The lowest goes first: the merge's place in the list, or tiktoken's rank of the result. */
  readonly rank: number;
  /** SentencePiece: the score of the result; its rank is 0 for the highest of the file. Else null. */
  readonly score: number | null;
}

/** The piece is a token as it is, and nothing is merged. */
export interface WholeToken {
  readonly type: "wholeToken";
}

/** WordPiece: the longest token that fits, again and again. */
export interface MatchSteps {
  readonly type: "longestMatches";
  readonly matches: readonly ExplainedSymbol[];
  /** Why the whole piece is unknown all the same: what no token begins, or too many characters. */
  readonly failure:
    | { readonly reason: "noToken"; readonly rest: string }
    | { readonly reason: "tooLong"; readonly characters: number; readonly limit: number }
    | null;
}

/** Unigram: the segmentation with the highest sum of scores. */
export interface PathSteps {
  readonly type: "bestPath";
  readonly best: ScoredPath;
  /** The best of the others; null if there is none, or the piece is so long that nobody would look. */
  readonly runnerUp: ScoredPath | null;
}

/** A segmentation; an unknown character is a symbol without an id. Scores are logarithms. */
export interface ScoredPath {
  readonly symbols: readonly (ExplainedSymbol & { readonly score: number })[];
  readonly score: number;
}

/** Models that only look up: words (`WordLevel`, SentencePiece's word) or characters. */
export interface LookUpSteps {
  readonly type: "lookUps";
  readonly lookUps: readonly ExplainedSymbol[];
}

/** A token of a piece. */
export interface PieceToken {
  readonly id: number;
  /** As `encodeFull` shows it. */
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** "byte": the vocabulary does not have the character, so it became its bytes. */
  readonly kind: "token" | "unknown" | "byte";
}

/** A token in the end. */
export interface FinalToken {
  readonly id: number;
  readonly token: string;
  readonly start: number;
  readonly end: number;
  /** Whether the post-processor added it. */
  readonly isAdded: boolean;
}
