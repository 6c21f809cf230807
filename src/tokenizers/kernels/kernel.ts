import type { IdBuffer } from "./id-buffer.ts";

/**
 * The fast way from text to ids, for tokenizers that have one: bytes in, ids out. Added tokens,
 * offsets and templates are not its business; what it gives equals what the readable pipeline gives.
 */
export interface Kernel {
  /**
   * Appends the ids of `bytes[0, length)`, valid UTF-8: a whole stretch between added tokens.
   * @param isAtStart whether the user's text starts with it
   */
  encode(bytes: Uint8Array, length: number, isAtStart: boolean, out: IdBuffer): void;
}
