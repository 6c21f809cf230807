import type { PieceEncoder } from "../models/piece-encoder.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Kernel, PlaceInText } from "./kernel.ts";
import type { ByteCuts } from "./scanner-of.ts";
import { lastWordBoundary } from "./word-boundary.ts";

/** Options of {@link ByteLevelKernel}. */
export interface ByteLevelKernelOptions extends ByteCuts {
  /** Put a blank before a stretch that does not start with one. */
  readonly addPrefixSpace: boolean;
  /** Its model reads bytes. */
  readonly pieces: PieceEncoder;
}

/** The kernel of byte-level vocabularies: pieces of bytes go straight to the model. */
export class ByteLevelKernel implements Kernel {
  readonly #options: ByteLevelKernelOptions;
  readonly #ends = new IdBuffer();

  constructor(options: ByteLevelKernelOptions) {
    this.#options = options;
  }

  encode(bytes: Uint8Array, length: number, place: PlaceInText, out: IdBuffer): void {
    const { addPrefixSpace, scan, pieces } = this.#options;
    if (addPrefixSpace && place !== "inside" && length > 0 && bytes[0] !== 0x20) {
      const prefixed = new Uint8Array(length + 1);
      prefixed[0] = 0x20;
      prefixed.set(bytes.subarray(0, length), 1);
      this.encode(prefixed, length + 1, place, out);
      return;
    }
    const ends = this.#ends;
    ends.clear();
    if (scan !== "one piece") scan(bytes, length, ends);
    else if (length > 0) ends.push(length);
    const piece = { bytes, start: 0, end: 0 };
    for (let i = 0; i < ends.length; i++) {
      piece.end = ends.data[i]!;
      pieces.encode(piece, out);
      piece.start = piece.end;
    }
    pieces.release();
    ends.clear();
  }

  lastCut(bytes: Uint8Array, length: number): number {
    return this.#options.cutsWords ? lastWordBoundary(bytes, length) : 0;
  }
}
