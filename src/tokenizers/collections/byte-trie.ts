import { ByteBuffer } from "./byte-buffer.ts";
import { Utf8Encoder } from "./utf8-encoder.ts";

const NO_VALUE = -1;
const NO_NODE = -1;
// How many places for a node's children are looked at before they go behind everything.
const MAX_TRIES = 64;

/**
 * Numbers by byte string, found while walking byte by byte: `child` and `valueOf`, from node 0 on.
 *
 * A double array: the child of node n for byte b lies at `base[n] + b` if `parent` says so there. It
 * is one look-up a byte, about twice as fast as a hash of (node, byte).
 *
 * @see Aoe 1989, An Efficient Digital Search Algorithm by Using a Double-Array Structure
 */
export class ByteTrie {
  #base: Int32Array = new Int32Array(1024);
  #parent: Int32Array = new Int32Array(1024); // one more than the parent's number; 0 where free
  #values: Int32Array = new Int32Array(1024).fill(NO_VALUE);
  #lowestFree = 256;
  #end = 256; // behind the last place that is taken

  /** @param keys no empty ones; of equal ones the last counts. Values are not negative. */
  constructor(keys: Iterable<readonly [key: string, value: number]>) {
    this.#parent[0] = -1; // taken, and nobody's child: where base[0] is 0, byte 0 would lead back to it
    const sorted = new SortedKeys(keys);
    const pending = [{ node: 0, from: 0, to: sorted.count, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, from, to, depth } = next;
      if (from === to) continue;
      if (to - from === 1) {
        this.#addTail(node, sorted.bytesOf(from).subarray(depth), sorted.values[from]!);
        continue;
      }
      const groups = sorted.group(from, to, depth);
      const base = this.#findBase(groups.map(({ byte }) => byte));
      this.#base[node] = base;
      for (const group of groups) {
        const child = base + group.byte;
        this.#parent[child] = node + 1;
        this.#values[child] = group.value;
        pending.push({ node: child, from: group.from, to: group.to, depth: depth + 1 });
      }
    }
  }

  /** The child of a node, or -1. */
  child(node: number, byte: number): number {
    const child = this.#base[node]! + byte;
    return this.#parent[child] === node + 1 ? child : NO_NODE;
  }

  /** The value of the key that ends at a node, or -1. */
  valueOf(node: number): number {
    return this.#values[node]!;
  }

  /** The value of exactly `bytes[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let node = 0;
    for (let i = start; i < end && node >= 0; i++) node = this.child(node, bytes[i]!);
    return node < 0 ? NO_VALUE : this.#values[node]!;
  }

  /** The length of the longest key that `bytes[start, end)` starts with, or 0. */
  longestMatch(bytes: Uint8Array, start: number, end: number): number {
    let longest = 0;
    let node = 0;
    for (let i = start; i < end; i++) {
      node = this.child(node, bytes[i]!);
      if (node < 0) break;
      if (this.#values[node] !== NO_VALUE) longest = i + 1 - start;
    }
    return longest;
  }

  /** The bytes that only one key has. */
  #addTail(node: number, bytes: Uint8Array, value: number): void {
    let at = node;
    for (const byte of bytes) {
      const base = this.#findBase([byte]);
      this.#base[at] = base;
      this.#parent[base + byte] = at + 1;
      at = base + byte;
    }
    this.#values[at] = value;
  }

  /** A place where the children for these bytes fit. */
  #findBase(bytes: readonly number[]): number {
    const lowest = Math.min(...bytes);
    while (this.#parent[this.#lowestFree] !== 0) this.#makeRoom(++this.#lowestFree);
    let first = this.#lowestFree;
    const last = Math.min(first + MAX_TRIES, this.#end);
    const isFree = (byte: number): boolean => !this.#parent[first - lowest + byte];
    while (first < last && !bytes.every(isFree)) first++;
    if (first === last) first = Math.max(first, this.#end);
    const base = first - lowest;
    this.#makeRoom(base + 256);
    this.#end = Math.max(this.#end, base + Math.max(...bytes) + 1);
    return base;
  }

  #makeRoom(index: number): void {
    const size = this.#base.length;
    if (index < size) return;
    const grow = (array: Int32Array, filler: number): Int32Array => {
      const grown = new Int32Array(2 * Math.max(size, index)).fill(filler, size);
      grown.set(array);
      return grown;
    };
    this.#base = grow(this.#base, 0);
    this.#parent = grow(this.#parent, 0);
    this.#values = grow(this.#values, NO_VALUE);
  }
}

interface Group {
  readonly byte: number;
  /** Of the key that ends with this byte, or NO_VALUE. */
  readonly value: number;
  /** The keys that go on: `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

/** Keys in an order in which those with the same first bytes stand together, the shortest first. */
class SortedKeys {
  readonly count: number;
  readonly values: Int32Array;
  readonly #starts: Uint32Array; // into #arena; one more than there are keys
  readonly #arena = new ByteBuffer(1 << 16);

  constructor(keys: Iterable<readonly [string, number]>) {
    const valueOf = new Map(keys);
    const sorted = [...valueOf.keys()].toSorted();
    this.count = sorted.length;
    this.values = Int32Array.from(sorted, (key) => valueOf.get(key)!);
    this.#starts = new Uint32Array(sorted.length + 1);
    const utf8 = new Utf8Encoder();
    for (const [i, key] of sorted.entries()) {
      const { bytes, length } = utf8.encode(key);
      this.#arena.append(bytes, 0, length);
      this.#starts[i + 1] = this.#arena.length;
    }
  }

  bytesOf(i: number): Uint8Array {
    return this.#arena.data.subarray(this.#starts[i], this.#starts[i + 1]);
  }

  /** Groups the keys `[from, to)`, which are equal before `depth` and not shorter, by the byte there. */
  group(from: number, to: number, depth: number): Group[] {
    const groups: Group[] = [];
    const byteAt = (i: number): number => this.#arena.data[this.#starts[i]! + depth]!;
    for (let i = from; i < to;) {
      const first = i;
      const byte = byteAt(first);
      while (i < to && byteAt(i) === byte) i++;
      const endsHere = this.#starts[first + 1]! - this.#starts[first]! === depth + 1;
      groups.push({
        byte,
        value: endsHere ? this.values[first]! : NO_VALUE,
        from: endsHere ? first + 1 : first,
        to: i,
      });
    }
    return groups;
  }
}
