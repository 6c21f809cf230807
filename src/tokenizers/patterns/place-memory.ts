const PAGE_BITS = 7;
const PAGE_SIZE = 1 << PAGE_BITS;

/**
 * What is known at each place of a text, some words of 32 bits for each place, all 0 at first. In pages
 * that come when they are needed and go when the search is past them.
 */
export class PlaceMemory {
  readonly #width: number;
  readonly #pages: (Int32Array | undefined)[] = [];
  #firstPage = 0;

  /** @param width words for each place */
  constructor(width: number) {
    this.#width = width;
  }

  get(word: number, position: number): number {
    const page = this.#pages[position >> PAGE_BITS];
    return page === undefined ? 0 : page[(position & (PAGE_SIZE - 1)) * this.#width + word]!;
  }

  set(word: number, position: number, value: number): void {
    const index = position >> PAGE_BITS;
    const page = (this.#pages[index] ??= new Int32Array(this.#width * PAGE_SIZE));
    page[(position & (PAGE_SIZE - 1)) * this.#width + word] = value;
  }

  /** Forgets what is known of one place. */
  forget(position: number): void {
    const start = (position & (PAGE_SIZE - 1)) * this.#width;
    this.#pages[position >> PAGE_BITS]?.fill(0, start, start + this.#width);
  }

  /** Forgets what is known of places far before this one. */
  release(position: number): void {
    const index = position >> PAGE_BITS;
    for (; this.#firstPage < index; this.#firstPage++) this.#pages[this.#firstPage] = undefined;
  }
}
