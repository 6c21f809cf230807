import type { AlignedText } from "../aligned-text.ts";

/** Cuts text into pieces that no token crosses, and may rewrite each. */
export interface PreTokenizer {
  /** The pieces, in order; empty ones may be left out. */
  split(text: AlignedText): readonly AlignedText[];
}
