import type { Value } from "orrery-lm/tensor";

/** What parts know about the sequences that they read. */
export interface SequenceContext {
  /** Position of each token, [B, T] or [1, T] int32. */
  positions: Value;
  /** Which tokens are real, [B, T] bool; undefined: all. */
  attentionMask?: Value | undefined;
  /** Scope of the part, such as `layers.3`; names for `capture` start with it. */
  name: string;
}
