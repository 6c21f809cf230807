import { firstInvalidByte } from "orrery-lm/base";
import { widthOf } from "../collections/utf8.ts";

const REPLACEMENT = "\uFFFD";

/** Bytes that come one by one and are read as UTF-8; each that is part of no character is a U+FFFD. */
export class ByteRun {
  /** The start of a character. */
  readonly #pending: number[] = [];

  /** What this byte settles. */
  push(byte: number): string {
    this.#pending.push(byte);
    let text = "";
    while (this.#pending.length > 0 && !isUnfinished(this.#pending)) {
      if (firstInvalidByte(Uint8Array.from(this.#pending)) === undefined) {
        const bytes = Uint8Array.from(this.#pending.splice(0));
        text += new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      } else {
        this.#pending.shift();
        text += REPLACEMENT;
      }
    }
    return text;
  }

  /** The rest, when no byte follows directly. */
  end(): string {
    return REPLACEMENT.repeat(this.#pending.splice(0).length);
  }
}

/** Whether more bytes can make a character of these. */
function isUnfinished(bytes: readonly number[]): boolean {
  const lead = bytes[0]!;
  const missing = widthOf(lead) - bytes.length;
  if (lead < 0xc2 || lead > 0xf4 || missing <= 0) return false;
  if (bytes.length === 1) return true;
  const finished = Uint8Array.from([...bytes, 0x80, 0x80].slice(0, bytes.length + missing));
  return firstInvalidByte(finished) === undefined;
}
