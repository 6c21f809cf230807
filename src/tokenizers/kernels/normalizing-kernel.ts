import { AlignedText } from "../aligned-text.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { IdBuffer } from "../collections/id-buffer.ts";
import type { Kernel, PlaceInText } from "./kernel.ts";
import { Utf8Encoder } from "../collections/utf8-encoder.ts";

/**
 * A kernel behind a Unicode normalization form, which leaves ASCII as it is, and whatever stands next to
 * an ASCII character on both sides.
 */
export class NormalizingKernel implements Kernel {
  readonly #normalizer: Normalizer;
  readonly #kernel: Kernel;
  readonly #utf8 = new Utf8Encoder();

  constructor(normalizer: Normalizer, kernel: Kernel) {
    this.#normalizer = normalizer;
    this.#kernel = kernel;
  }

  encode(bytes: Uint8Array, length: number, place: PlaceInText, out: IdBuffer): void {
    if (isAscii(bytes, length)) {
      this.#kernel.encode(bytes, length, place, out);
      return;
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, length));
    const { text: normalized } = this.#normalizer.normalize(new AlignedText(text, false));
    const utf8 = this.#utf8.encode(normalized);
    this.#kernel.encode(utf8.bytes, utf8.length, place, out);
  }

  lastCut(bytes: Uint8Array, length: number): number {
    return this.#kernel.lastCut(bytes, length);
  }
}

function isAscii(bytes: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}
