import { ByteStringTable } from "../kernels/byte-string-table.ts";
import { IdBuffer } from "../kernels/id-buffer.ts";
import type { Scanner } from "../kernels/scanner.ts";
import { Utf8Encoder } from "../kernels/utf8-encoder.ts";

/** Counts how often each piece occurs in the texts that it is fed. */
export class PieceCounter {
  readonly pieces: ByteStringTable = new ByteStringTable();
  /** By number of the piece. */
  counts: Float64Array = new Float64Array(1024);
  readonly #scan: Scanner;
  readonly #utf8 = new Utf8Encoder();
  readonly #ends = new IdBuffer();

  constructor(scan: Scanner) {
    this.#scan = scan;
  }

  /** Counts the pieces of a text; none crosses its end. */
  add(text: string): void {
    const { bytes, length } = this.#utf8.encode(text);
    const ends = this.#ends;
    ends.clear();
    this.#scan(bytes, length, ends);
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends.data[i]!;
      const number = this.pieces.intern(bytes, start, end);
      if (number >= this.counts.length) this.#grow();
      this.counts[number]!++;
      start = end;
    }
  }

  #grow(): void {
    const counts = new Float64Array(2 * this.counts.length);
    counts.set(this.counts);
    this.counts = counts;
  }
}
