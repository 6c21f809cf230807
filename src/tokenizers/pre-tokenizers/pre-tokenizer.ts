import type { AlignedText } from "../aligned-text.ts";

/** Cuts text into pieces that no token crosses, and may rewrite each. */
export interface PreTokenizer {
  /**
   * The pieces, in order; empty ones may be left out. They come one by one: all at once, those of a
   * long text would not fit into memory.
   */
  split(text: AlignedText): Iterable<AlignedText>;
}
