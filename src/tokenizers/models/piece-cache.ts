import { ByteStringTable } from "../kernels/byte-string-table.ts";
import { IdBuffer } from "../kernels/id-buffer.ts";
import type { Piece } from "./model.ts";

// Longer pieces seldom come back, and long-lived processes must not grow.
const MAX_PIECE_BYTES = 64;
const MAX_PIECES = 1 << 17;

/** Remembers the ids of pieces. Bounded: when it is full it forgets everything and starts again. */
export class PieceCache {
  readonly #pieces = new ByteStringTable();
  readonly #ids = new IdBuffer();
  readonly #ends = new IdBuffer(); // by number of the piece, into #ids

  /** Appends the ids of a piece to `out`, if it is known. */
  recall({ bytes, start, end }: Piece, out: IdBuffer): boolean {
    if (end - start > MAX_PIECE_BYTES) return false;
    const number = this.#pieces.find(bytes, start, end);
    if (number < 0) return false;
    const from = number === 0 ? 0 : this.#ends.data[number - 1]!;
    out.append(this.#ids.data, from, this.#ends.data[number]!);
    return true;
  }

  /** Keeps `ids[from, to)` for a piece that is not yet known. */
  keep({ bytes, start, end }: Piece, ids: Uint32Array, from: number, to: number): void {
    if (end - start > MAX_PIECE_BYTES) return;
    if (this.#pieces.size === MAX_PIECES) {
      this.#pieces.clear();
      this.#ids.clear();
      this.#ends.clear();
    }
    this.#pieces.intern(bytes, start, end);
    this.#ids.append(ids, from, to);
    this.#ends.push(this.#ids.length);
  }
}
