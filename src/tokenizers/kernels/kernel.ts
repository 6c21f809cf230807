import type { IdBuffer } from "../collections/id-buffer.ts";

/**
 * Where a stretch of text stands: at the start of what the user wrote, behind an added token, or in
 * the middle of a stretch whose first part was encoded before.
 */
export type PlaceInText = "textStart" | "sectionStart" | "inside";

/**
 * The fast way from text to ids, for tokenizers that have one: bytes in, ids out. Added tokens,
 * offsets and templates are not its business; what it gives equals what the readable pipeline gives.
 */
export interface Kernel {
  /** Appends the ids of `bytes[0, length)`, valid UTF-8. */
  encode(bytes: Uint8Array, length: number, place: PlaceInText, out: IdBuffer): void;
  /**
   * The last place, in bytes, where a stretch that may go on can be cut: the ids of the part before
   * and, `"inside"`, of the part behind are those of the whole, whatever is still to come. 0 if there
   * is none.
   */
  lastCut(bytes: Uint8Array, length: number): number;
}
