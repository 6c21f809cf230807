const NONE = -1;

/** Linked lists of places, one per pair, in two arrays; used up lists are reused. */
export class OccurrenceLists {
  #places = new Int32Array(1024); // by cell
  #next = new Int32Array(1024); // by cell, NONE at the end of a list
  #used = 0;
  #free = NONE;
  #heads = new Int32Array(1024).fill(NONE); // by pair, NONE for an empty list
  #tails = new Int32Array(1024); // by pair

  /** Appends a place to the list of a pair. */
  add(pair: number, place: number): void {
    if (pair >= this.#heads.length) this.#growPairs(pair);
    const cell = this.#takeCell();
    this.#places[cell] = place;
    this.#next[cell] = NONE;
    if (this.#heads[pair] === NONE) this.#heads[pair] = cell;
    else this.#next[this.#tails[pair]!] = cell;
    this.#tails[pair] = cell;
  }

  /** Calls `visit` with each place of a pair, in the order in which they came. */
  visit(pair: number, visit: (place: number) => void): void {
    for (let cell = this.#heads[pair]!; cell !== NONE; cell = this.#next[cell]!) {
      visit(this.#places[cell]!);
    }
  }

  /** The same, and forgets them as it goes. */
  drain(pair: number, visit: (place: number) => void): void {
    const head = this.#heads[pair]!;
    this.#heads[pair] = NONE;
    for (let cell = head; cell !== NONE;) {
      const next = this.#next[cell]!;
      const place = this.#places[cell]!;
      this.#next[cell] = this.#free;
      this.#free = cell;
      visit(place);
      cell = next;
    }
  }

  #takeCell(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.#next[free]!;
      return free;
    }
    if (this.#used === this.#places.length) {
      this.#places = enlarged(this.#places, 2 * this.#used);
      this.#next = enlarged(this.#next, 2 * this.#used);
    }
    return this.#used++;
  }

  #growPairs(pair: number): void {
    const before = this.#heads.length;
    const capacity = Math.max(pair + 1, 2 * before);
    this.#heads = enlarged(this.#heads, capacity).fill(NONE, before);
    this.#tails = enlarged(this.#tails, capacity);
  }
}

function enlarged(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}
