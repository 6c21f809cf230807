import { ByteStringTable } from "../kernels/byte-string-table.ts";
import { IdBuffer } from "../kernels/id-buffer.ts";
import type { Piece } from "./model.ts";

// Longer pieces seldom come back.
const MAX_PIECE_BYTES = 96;
const MAX_LONG_PIECES = 1 << 15;
// A slot is eight words: a tag, where the ids are, and the bytes of a short piece, with zeros behind
// them. So a look-up touches one cache line.
const SLOT_WORDS = 8;
const KEY_WORDS = SLOT_WORDS - 2;
const SHORT_BYTES = 4 * KEY_WORDS;
const FIRST_SLOTS = 1 << 10;
const MAX_SLOTS = 1 << 18;
// The low bits of a tag are the length of the piece, the others are of its hash.
const LENGTH_MASK = 31;

/**
 * Remembers the ids of pieces. Bounded: when it is full it forgets everything and starts again, so a
 * process that lives long neither grows nor gets slow when the texts change.
 */
export class PieceCache {
  // Word 1 of a slot: 0 if it is free, 1 + the id of a piece that is one token, or ~ a place in #lists.
  #slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
  #size = 0;
  readonly #key = new Int32Array(KEY_WORDS);
  readonly #long = new ByteStringTable();
  readonly #longValues = new IdBuffer(); // by number in #long, a place in #lists
  readonly #lists = new IdBuffer(); // count, ids, count, ids, …

  /** Appends the ids of a piece to `out`, if it is known. */
  recall({ bytes, start, end }: Piece, out: IdBuffer): boolean {
    if (end - start > SHORT_BYTES) return this.#recallLong(bytes, start, end, out);
    const value = this.#slots[this.#slotOf(this.#tagOf(bytes, start, end)) + 1]!;
    if (value === 0) return false;
    if (value > 0) out.push(value - 1);
    else this.#appendList(~value, out);
    return true;
  }

  /** Keeps `ids[from, to)` for a piece that is not yet known. */
  keep({ bytes, start, end }: Piece, ids: Uint32Array, from: number, to: number): void {
    if (end - start > SHORT_BYTES) {
      this.#keepLong({ bytes, start, end }, ids, from, to);
      return;
    }
    const tag = this.#tagOf(bytes, start, end);
    const slot = this.#slotOf(tag);
    this.#slots[slot] = tag;
    this.#slots[slot + 1] = to - from === 1 ? ids[from]! + 1 : ~this.#pushList(ids, from, to);
    this.#slots.set(this.#key, slot + 2);
    if (++this.#size * SLOT_WORDS * 2 > this.#slots.length) this.#grow();
  }

  /** Packs a short piece into `#key`, and gives its tag. */
  #tagOf(bytes: Uint8Array, start: number, end: number): number {
    const key = this.#key;
    let hash = 0;
    let position = start;
    for (let i = 0; i < KEY_WORDS; i++) {
      let word = 0;
      const wordEnd = position + 4 < end ? position + 4 : end;
      for (let shift = 0; position < wordEnd; shift += 8) word |= bytes[position++]! << shift;
      key[i] = word;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return (hash & ~LENGTH_MASK) | (end - start);
  }

  /** Where the piece in `#key` is, or would be. */
  #slotOf(tag: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = ((tag >>> 5) * SLOT_WORDS) & mask;
    while (slots[slot + 1] !== 0 && (slots[slot] !== tag || !this.#isKeyAt(slot))) {
      slot = (slot + SLOT_WORDS) & mask;
    }
    return slot;
  }

  #isKeyAt(slot: number): boolean {
    for (let i = 0; i < KEY_WORDS; i++) {
      if (this.#slots[slot + 2 + i] !== this.#key[i]) return false;
    }
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    if (old.length === MAX_SLOTS * SLOT_WORDS) {
      this.#forget();
      return;
    }
    this.#slots = new Int32Array(2 * old.length);
    for (let from = 0; from < old.length; from += SLOT_WORDS) {
      if (old[from + 1] === 0) continue;
      const slot = old.subarray(from, from + SLOT_WORDS);
      this.#key.set(slot.subarray(2));
      this.#slots.set(slot, this.#slotOf(slot[0]!));
    }
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#size = 0;
    this.#long.clear();
    this.#longValues.clear();
    this.#lists.clear();
  }

  #recallLong(bytes: Uint8Array, start: number, end: number, out: IdBuffer): boolean {
    if (end - start > MAX_PIECE_BYTES) return false;
    const number = this.#long.find(bytes, start, end);
    if (number < 0) return false;
    this.#appendList(this.#longValues.data[number]!, out);
    return true;
  }

  #keepLong({ bytes, start, end }: Piece, ids: Uint32Array, from: number, to: number): void {
    if (end - start > MAX_PIECE_BYTES) return;
    if (this.#long.size === MAX_LONG_PIECES) this.#forget();
    this.#long.intern(bytes, start, end);
    this.#longValues.push(this.#pushList(ids, from, to));
  }

  #pushList(ids: Uint32Array, from: number, to: number): number {
    const place = this.#lists.length;
    this.#lists.push(to - from);
    this.#lists.append(ids, from, to);
    return place;
  }

  #appendList(place: number, out: IdBuffer): void {
    const { data } = this.#lists;
    out.append(data, place + 1, place + 1 + data[place]!);
  }
}
