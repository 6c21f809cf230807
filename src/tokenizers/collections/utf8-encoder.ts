// Room for a long prompt; a longer text gets an array of its own, which is then given back.
const KEPT_BYTES = 1 << 17;
// Who reads four bytes at once may read a little beyond the text.
const SPARE_BYTES = 4;

/** UTF-8 of a text: `bytes[0, length)`. */
export interface Utf8 {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * Encodes text as UTF-8 into an array that it keeps for the next call: the result is good until
 * then. Each lone surrogate becomes U+FFFD.
 */
export class Utf8Encoder {
  readonly #encoder = new TextEncoder();
  readonly #kept = new Uint8Array(KEPT_BYTES);

  encode(text: string): Utf8 {
    // A UTF-16 unit takes at most three bytes. `encodeInto` is three times as fast as `encode`.
    const room = 3 * text.length + SPARE_BYTES;
    const bytes = room <= KEPT_BYTES ? this.#kept : new Uint8Array(room);
    return { bytes, length: this.#encoder.encodeInto(text, bytes).written };
  }
}
