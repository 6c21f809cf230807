const PAGE_BITS = 7;
const PAGE_SIZE = 1 << PAGE_BITS;

/**
 * What is known of a step at a place of the text, so that no step runs twice at one place: 0 nothing,
 * -1 it fails, n + 1 it leads to a match that ends at n. In pages that come when they are needed and
 * go when the search is past them.
 */
export class FailureMemory {
  readonly #rowCount: number;
  readonly #pages: (Int32Array | undefined)[] = [];
  #firstPage = 0;

  constructor(rowCount: number) {
    this.#rowCount = rowCount;
  }

  get(row: number, position: number): number {
    const page = this.#pages[position >> PAGE_BITS];
    return page === undefined ? 0 : page[row * PAGE_SIZE + (position & (PAGE_SIZE - 1))]!;
  }

  set(row: number, position: number, value: number): void {
    const index = position >> PAGE_BITS;
    const page = (this.#pages[index] ??= new Int32Array(this.#rowCount * PAGE_SIZE));
    page[row * PAGE_SIZE + (position & (PAGE_SIZE - 1))] = value;
  }

  /** Forgets what is known of one place, and of those far before it. */
  forget(position: number): void {
    const index = position >> PAGE_BITS;
    for (; this.#firstPage < index; this.#firstPage++) this.#pages[this.#firstPage] = undefined;
    if (this.#pages[index] === undefined) return;
    for (let row = 0; row < this.#rowCount; row++) this.set(row, position, 0);
  }

  /** Forgets everything. */
  clear(): void {
    this.#pages.length = 0;
    this.#firstPage = 0;
  }
}
