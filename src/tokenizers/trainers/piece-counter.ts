import { ByteStringTable } from "../kernels/byte-string-table.ts";
import type { PreTokenizer } from "../pre-tokenizers/pre-tokenizer.ts";

/** Counts how often each piece occurs in the texts that it is fed. */
export class PieceCounter {
  readonly pieces: ByteStringTable = new ByteStringTable();
  /** By number of the piece. */
  counts: Float64Array = new Float64Array(1024);
  readonly #preTokenizer: PreTokenizer;

  constructor(preTokenizer: PreTokenizer) {
    this.#preTokenizer = preTokenizer;
  }

  /** Counts the pieces of a text; none crosses its end. */
  add(text: string): void {
    const { bytes, ends } = this.#preTokenizer.split(text);
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
