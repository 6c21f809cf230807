import type { AlignedText } from "../aligned-text.ts";

/** Rewrites text before it is cut: Unicode forms, case, blanks. */
export interface Normalizer {
  /** Must not compute an alignment that `text` does not have. */
  normalize(text: AlignedText): AlignedText;
}
