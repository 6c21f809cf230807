/**
 * Numbers pairs of ids 0, 1, 2, … in the order in which they are first seen: a hash table with open
 * addressing. The numbers index whatever the user keeps per pair: ranks, counts, occurrences.
 */
export class PairTable {
  size = 0;
  // left, right, number + 1 (0 where free), unused: one look-up touches one cache line.
  #slots: Int32Array;
  #lefts: Int32Array; // by number
  #rights: Int32Array; // by number

  constructor(expectedSize = 64) {
    let capacity = 64;
    while (capacity < expectedSize) capacity *= 2;
    this.#lefts = new Int32Array(capacity);
    this.#rights = new Int32Array(capacity);
    this.#slots = new Int32Array(4 * 2 * capacity);
  }

  /** The number of a pair, or -1. */
  find(left: number, right: number): number {
    return this.#slots[this.#slotOf(left, right) + 2]! - 1;
  }

  /** The number of a pair, which is added if it is new. */
  intern(left: number, right: number): number {
    const slot = this.#slotOf(left, right);
    const found = this.#slots[slot + 2]! - 1;
    if (found >= 0) return found;
    const number = this.size++;
    this.#fill(slot, number, left, right);
    this.#lefts[number] = left;
    this.#rights[number] = right;
    if (this.size === this.#lefts.length) this.#grow();
    return number;
  }

  left(number: number): number {
    return this.#lefts[number]!;
  }

  right(number: number): number {
    return this.#rights[number]!;
  }

  /** Where a pair is, or would be. */
  #slotOf(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    let slot = ((mixed ^ (mixed >>> 15)) << 2) & mask;
    while (
      this.#slots[slot + 2] !== 0 &&
      (this.#slots[slot] !== left || this.#slots[slot + 1] !== right)
    ) {
      slot = (slot + 4) & mask;
    }
    return slot;
  }

  #fill(slot: number, number: number, left: number, right: number): void {
    this.#slots[slot] = left;
    this.#slots[slot + 1] = right;
    this.#slots[slot + 2] = number + 1;
  }

  #grow(): void {
    const capacity = 2 * this.#lefts.length;
    const lefts = new Int32Array(capacity);
    lefts.set(this.#lefts);
    const rights = new Int32Array(capacity);
    rights.set(this.#rights);
    this.#lefts = lefts;
    this.#rights = rights;
    this.#slots = new Int32Array(4 * 2 * capacity);
    for (let number = 0; number < this.size; number++) {
      const left = lefts[number]!;
      const right = rights[number]!;
      this.#fill(this.#slotOf(left, right), number, left, right);
    }
  }
}
