import { CODE_POINT_COUNT, type CodePointSet } from "./code-point-set.ts";

const BLOCK_BITS = 8;
const BLOCK_SIZE = 1 << BLOCK_BITS;

/** A set of code points that answers fast: a byte each in blocks of 256, of which full and empty ones are shared. */
export class CodePointBitmap {
  readonly #blockOf: Uint16Array = new Uint16Array(CODE_POINT_COUNT >> BLOCK_BITS);
  readonly #bits: Uint8Array;

  constructor(set: CodePointSet) {
    const empty = new Uint8Array(BLOCK_SIZE);
    const blocks = [empty, new Uint8Array(BLOCK_SIZE).fill(1)];
    // Blocks that a run fills are the second one, those that it touches are new.
    let touched = -1;
    const touch = (block: number): Uint8Array => {
      if (block !== touched) {
        touched = block;
        this.#blockOf[block] = blocks.push(new Uint8Array(BLOCK_SIZE)) - 1;
      }
      return blocks.at(-1)!;
    };
    for (let i = 0; i < set.length; i += 2) {
      const end = set[i + 1]!;
      for (let start = set[i]!; start < end;) {
        const block = start >> BLOCK_BITS;
        const stop = Math.min(end, (block + 1) << BLOCK_BITS);
        if (stop - start === BLOCK_SIZE) this.#blockOf[block] = 1;
        else touch(block).fill(1, start % BLOCK_SIZE, stop - (block << BLOCK_BITS));
        start = stop;
      }
    }
    this.#bits = new Uint8Array(blocks.length * BLOCK_SIZE);
    for (const [i, block] of blocks.entries()) this.#bits.set(block, i * BLOCK_SIZE);
  }

  has(codePoint: number): boolean {
    const block = this.#blockOf[codePoint >> BLOCK_BITS]!;
    return this.#bits[(block << BLOCK_BITS) | (codePoint & (BLOCK_SIZE - 1))] === 1;
  }
}
