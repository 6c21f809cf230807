/** What attention can be told. */

import type { Value } from "../../value.ts";

/** A chunk of queries, and the keys that they may see. */
export interface ScorePart {
  /** [B, K, G, tq, D] */
  readonly queries: Value;
  /** [B, K, 1, tk, D] */
  readonly keys: Value;
  /** [B, tq] or [1, tq] int32 */
  readonly queryPositions: Value;
  /** [B, tk] or [1, tk] int32 */
  readonly keyPositions: Value;
}

/** Adds to attention scores. */
export interface ScoreBias {
  /** Values that `compute` reads beside its part, such as a table of parameters. */
  readonly shared: readonly Value[];
  /**
   * What to add to the scaled scores; broadcasts to [B, K, G, tq, tk].
   *
   * @param shared the values of `shared`, as they are within a chunk
   */
  compute(part: ScorePart, shared: readonly Value[]): Value;
}

/** Adds to what queries read. */
export interface ValueTerm {
  /** Values that `compute` reads beside its part. */
  readonly shared: readonly Value[];
  /**
   * What to add to the weighted sum of values, [B, K, G, tq, Dv].
   *
   * @param probabilities [B, K, G, tq, tk], for the keys of this part
   */
  compute(part: ScorePart, probabilities: Value, shared: readonly Value[]): Value;
}

/** Keys and values of earlier tokens: buffers of P places, of which the first `length` are filled. */
export interface PastOptions {
  /** [B, K, 1, P, D] */
  keys: Value;
  /** [B, K, 1, P, Dv] */
  values: Value;
  /** Which places hold a real token, [B, P] bool. */
  mask: Value;
  /** Position of each key, [B, P] int32; a bias reads them. */
  positions: Value;
  /** How many places are filled, [1] int32: the first new query stands behind them. */
  length: Value;
}

/** What a query with nothing to see gives. */
export type BlindRows = "zeros" | "mean";

/** What `attention` needs. */
export interface AttentionOptions {
  /** [B, K, G, Tq, D]: G query heads for each of K key/value heads. */
  queries: Value;
  /** [B, K, 1, Tk, D] */
  keys: Value;
  /** [B, K, 1, Tk, Dv] */
  values: Value;
  /** Multiplies the scores; 1/√D by custom. */
  scale: number;
  /** Whether query i of Tq sees only the keys up to i + Tk - Tq. */
  isCausal: boolean;
  /**
   * Query i sees only keys less than `window` places away: behind it, or to both sides without a
   * causal mask. Mistral's `sliding_window` is this; ModernBERT's `local_attention` counts both
   * sides without the token itself, so that the window is half of it and one more.
   */
  window?: number | undefined;
  /** Keys at positions below this are seen whatever the window, as in StreamingLLM. */
  sinkTokens?: number | undefined;
  /** How many first places of each row all queries see, in spite of a causal mask, [B] int32. */
  prefixLengths?: Value | undefined;
  /** [B, Tk] bool: which keys may be seen; undefined: all. */
  keyMask?: Value | undefined;
  /** [B, Tq] bool: which queries see anything at all; undefined: all. */
  queryMask?: Value | undefined;
  /**
   * What a query with nothing to see gives: zeros, or the mean of all values, hidden ones too. The
   * mean is what a softmax gives where hiding adds a number so low that scores vanish beside it.
   * It knows no past and no sinks.
   *
   * @default "zeros"
   */
  blindRows?: BlindRows | undefined;
  /** Which text each token of a packed row belongs to, [B, T] int32; queries see keys of their own. */
  sequenceIds?: Value | undefined;
  /** Bounds the scores, bias included: `cap · tanh(scores / cap)`. */
  softCap?: number | undefined;
  /** A score for seeing nothing, which takes its share of each softmax: [1, K, G, 1, 1]. */
  sinks?: Value | undefined;
  bias?: ScoreBias | undefined;
  valueTerm?: ValueTerm | undefined;
  /** Positions of queries [B, Tq] and keys [B, Tk], int32; a bias, a value term and `sinkTokens` read them. */
  positions?: { queries: Value; keys: Value } | undefined;
  /** Earlier keys, which all queries may see. Who gives them reads long texts in pieces. */
  past?: PastOptions | undefined;
  /** Prefix of the names that `capture` finds: `scores` and `probabilities`. */
  name: string;
}
