import { ByteStringTable } from "../collections/byte-string-table.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Piece } from "./model.ts";

// Longer pieces seldom come back.
const MAX_PIECE_BYTES = 96;
const MAX_LONG_PIECES = 1 << 16;
// A slot is eight words: a tag, where the ids are, and the bytes of a short piece with zeros behind
// them. So a look-up touches one cache line.
const SLOT_WORDS = 8;
const SHORT_BYTES = 24;
const FIRST_SLOTS = 1 << 10;
const MAX_SLOTS = 1 << 18;
// Whoever knows the hash can write pieces that all want one slot. What finds none near by is not kept,
// so that looking takes no more than this many steps.
const MAX_STEPS = 64;
const NOWHERE = -1;
const NO_BYTES = new Uint8Array(0);
// The low bits of a tag are the length of the piece, the others are of its hash.
const LENGTH_BITS = 5;
const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/**
 * Remembers the ids of pieces. Bounded: when it is full it forgets everything and starts again, so a
 * process that lives long neither grows nor gets slow when its texts change.
 */
export class PieceCache {
  // Word 1 of a slot: 0 if it is free, 1 + the id of a piece that is one token, or ~ a place in #lists.
  #slots = new Int32Array(FIRST_SLOTS * SLOT_WORDS);
  #size = 0;
  #bytes: Uint8Array = NO_BYTES;
  #view: DataView = new DataView(NO_BYTES.buffer);
  readonly #key = new Int32Array(SHORT_BYTES / 4);
  readonly #long = new ByteStringTable();
  readonly #longPlaces = new IdBuffer(); // in #lists, by number in #long
  readonly #lists = new IdBuffer(); // count, ids, count, ids, …

  /** Appends the ids of a piece to `out`, if it is known. */
  recall({ bytes, start, end }: Piece, out: IdBuffer): boolean {
    if (end - start > SHORT_BYTES) return this.#recallLong(bytes, start, end, out);
    const slot = this.#slotOf(this.#tagOf(bytes, start, end));
    if (slot === NOWHERE) return false;
    const value = this.#slots[slot + 1]!;
    if (value === 0) return false;
    if (value > 0) out.push(value - 1);
    else this.#appendList(~value, out);
    return true;
  }

  /** Keeps `ids[from, to)` for a piece that is not yet known. */
  keep({ bytes, start, end }: Piece, ids: Uint32Array, from: number, to: number): void {
    if (end - start > MAX_PIECE_BYTES) return;
    if (this.#long.size === MAX_LONG_PIECES) this.#forget();
    if (end - start > SHORT_BYTES) {
      this.#long.intern(bytes, start, end);
      this.#longPlaces.push(this.#pushList(ids, from, to));
      return;
    }
    if (2 * this.#size * SLOT_WORDS === this.#slots.length) this.#makeRoom();
    const tag = this.#tagOf(bytes, start, end);
    const slot = this.#slotOf(tag);
    if (slot === NOWHERE) return;
    this.#slots[slot] = tag;
    this.#slots[slot + 1] = to - from === 1 ? ids[from]! + 1 : ~this.#pushList(ids, from, to);
    this.#slots.set(this.#key.subarray(0, (end - start + 3) >> 2), slot + 2);
    this.#size++;
  }

  /** Lets go of the array that the last piece was in. */
  release(): void {
    this.#bytes = NO_BYTES;
  }

  /** Puts a short piece into `#key`, four bytes a word, and gives its tag. */
  #tagOf(bytes: Uint8Array, start: number, end: number): number {
    // A word may be read a little beyond the end of the piece, but not of the array.
    if (end + 3 > bytes.length) return this.#tagOf(padded(bytes, start, end), 0, end - start);
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    let hash = 0;
    for (let i = 0, position = start; position < end; i++, position += 4) {
      const word = wordAt(this.#view, position, end);
      this.#key[i] = word;
      hash = Math.imul(hash ^ word, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return (hash & ~LENGTH_MASK) | (end - start);
  }

  /** Where the piece in `#key` is, or would be; or NOWHERE. */
  #slotOf(tag: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = ((tag >>> LENGTH_BITS) * SLOT_WORDS) & mask;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      if (slots[slot + 1] === 0 || (slots[slot] === tag && this.#isKeyAt(slot))) return slot;
      slot = (slot + SLOT_WORDS) & mask;
    }
    return NOWHERE;
  }

  #isKeyAt(slot: number): boolean {
    const length = this.#slots[slot]! & LENGTH_MASK;
    for (let i = 0; 4 * i < length; i++) {
      if (this.#slots[slot + 2 + i] !== this.#key[i]) return false;
    }
    return true;
  }

  #makeRoom(): void {
    const old = this.#slots;
    if (old.length === MAX_SLOTS * SLOT_WORDS) {
      this.#forget();
      return;
    }
    this.#slots = new Int32Array(2 * old.length);
    for (let from = 0; from < old.length; from += SLOT_WORDS) {
      if (old[from + 1] === 0) continue;
      this.#key.set(old.subarray(from + 2, from + SLOT_WORDS));
      const slot = this.#slotOf(old[from]!);
      if (slot === NOWHERE) this.#size--;
      else this.#slots.set(old.subarray(from, from + SLOT_WORDS), slot);
    }
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#size = 0;
    this.#long.clear();
    this.#longPlaces.clear();
    this.#lists.clear();
  }

  #recallLong(bytes: Uint8Array, start: number, end: number, out: IdBuffer): boolean {
    if (end - start > MAX_PIECE_BYTES) return false;
    const number = this.#long.find(bytes, start, end);
    if (number >= 0) this.#appendList(this.#longPlaces.data[number]!, out);
    return number >= 0;
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

/** Four bytes from `position` on; those at or behind `end` are zeros. */
function wordAt(view: DataView, position: number, end: number): number {
  const word = view.getInt32(position, true);
  const left = end - position;
  return left >= 4 ? word : word & (0xffffffff >>> (32 - 8 * left));
}

function padded(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start + 4);
  copy.set(bytes.subarray(start, end));
  return copy;
}
