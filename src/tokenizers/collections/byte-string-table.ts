/**
 * Numbers byte strings 0, 1, 2, … in the order in which they are first seen: a hash table with open
 * addressing whose keys lie one after the other in one array. It copies what it keeps.
 *
 * JavaScript's Map would need a string per look-up, which costs more than everything else in
 * encoding a piece.
 *
 * The hash starts from chance, so that nobody can write texts whose words all want one slot. The
 * numbers do not depend on it.
 */
export class ByteStringTable {
  size = 0;
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;
  #slots: Int32Array; // number + 1, or 0 where free
  #hashes: Int32Array; // by number
  #starts: Float64Array; // by number, into #arena; one more than there are strings
  #arena: Uint8Array;

  /** @param expected how many strings there will be, and bytes in all, as far as that is known */
  constructor(
    expected: { readonly size: number; readonly bytes: number } = { size: 100, bytes: 1024 },
  ) {
    let capacity = 128;
    while (capacity <= expected.size) capacity *= 2;
    this.#slots = new Int32Array(2 * capacity);
    this.#hashes = new Int32Array(capacity);
    this.#starts = new Float64Array(capacity + 1);
    this.#arena = new Uint8Array(expected.bytes);
  }

  /** The number of `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(this.#seed, bytes, start, end);
    return this.#slots[this.#slotOf(hash, bytes, start, end)]! - 1;
  }

  /** The number of `bytes[start, end)`, which is added if it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(this.#seed, bytes, start, end);
    const slot = this.#slotOf(hash, bytes, start, end);
    const found = this.#slots[slot]! - 1;
    if (found >= 0) return found;
    const number = this.size++;
    this.#slots[slot] = number + 1;
    this.#hashes[number] = hash;
    this.#store(number, bytes, start, end);
    if (this.size === this.#hashes.length) this.#grow();
    return number;
  }

  /** The bytes of a string: a view, valid until the next `intern`. */
  bytesOf(number: number): Uint8Array {
    return this.#arena.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  /** Forgets all strings and keeps the room. */
  clear(): void {
    this.size = 0;
    this.#slots.fill(0);
  }

  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return slot;
      if (this.#hashes[number] === hash && this.#equals(number, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    const length = end - start;
    if (this.#starts[number + 1]! - from !== length) return false;
    for (let i = 0; i < length; i++) {
      if (this.#arena[from + i] !== bytes[start + i]) return false;
    }
    return true;
  }

  #store(number: number, bytes: Uint8Array, start: number, end: number): void {
    const from = this.#starts[number]!;
    const to = from + end - start;
    if (to > this.#arena.length) {
      const arena = new Uint8Array(Math.max(to, 2 * this.#arena.length));
      arena.set(this.#arena.subarray(0, from));
      this.#arena = arena;
    }
    for (let i = start; i < end; i++) this.#arena[from + i - start] = bytes[i]!;
    this.#starts[number + 1] = to;
  }

  #grow(): void {
    const capacity = 2 * this.#hashes.length;
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    const starts = new Float64Array(capacity + 1);
    starts.set(this.#starts);
    const slots = new Int32Array(2 * capacity);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#hashes = hashes;
    this.#starts = starts;
    this.#slots = slots;
  }
}

/** FNV-1a, 32 bits, from a seed, with a final mix: its low bits alone would depend on the low bits of the bytes. */
function hashBytes(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
