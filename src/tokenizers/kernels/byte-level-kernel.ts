import type { Model } from "../models/model.ts";
import { IdBuffer } from "./id-buffer.ts";
import type { Kernel } from "./kernel.ts";
import type { Scanner } from "./scanner.ts";

/** Options of {@link ByteLevelKernel}. */
export interface ByteLevelKernelOptions {
  /** Put a blank before a stretch that does not start with one. */
  readonly addPrefixSpace: boolean;
  readonly scan: Scanner;
  /** Reads bytes. */
  readonly model: Model;
}

/** The kernel of byte-level vocabularies: pieces of bytes go straight to the model. */
export class ByteLevelKernel implements Kernel {
  readonly #options: ByteLevelKernelOptions;
  readonly #ends = new IdBuffer();

  constructor(options: ByteLevelKernelOptions) {
    this.#options = options;
  }

  encode(bytes: Uint8Array, length: number, isAtStart: boolean, out: IdBuffer): void {
    const { addPrefixSpace, scan, model } = this.#options;
    if (addPrefixSpace && length > 0 && bytes[0] !== 0x20) {
      const prefixed = new Uint8Array(length + 1);
      prefixed[0] = 0x20;
      prefixed.set(bytes.subarray(0, length), 1);
      this.encode(prefixed, length + 1, isAtStart, out);
      return;
    }
    const ends = this.#ends;
    ends.clear();
    scan(bytes, length, ends);
    const piece = { bytes, start: 0, end: 0 };
    for (let i = 0; i < ends.length; i++) {
      piece.end = ends.data[i]!;
      model.encodePiece(piece, out);
      piece.start = piece.end;
    }
  }
}
