import type { IdBuffer } from "../kernels/id-buffer.ts";

/** A stretch of text as UTF-8, cut into pieces. */
export interface Pieces {
  /** The text, after {@link prefixLength} bytes that the pre-tokenizer put in front. */
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  /** Where each piece ends, in bytes; the first starts at 0. */
  readonly ends: IdBuffer;
}

/** Cuts text into pieces that no token crosses. */
export interface PreTokenizer {
  /** The result is good until the next call. */
  split(text: string): Pieces;
}
