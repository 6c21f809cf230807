import { floatData, floats, integers, type TensorData } from "orrery-lm/runtime";
import type { KeptLayer } from "./decoding-program.ts";

const FIRST_CAPACITY = 64;

interface KeptArray {
  /** [rows, heads, capacity, width] */
  data: Float32Array;
  readonly heads: number;
  readonly width: number;
}

/**
 * Keys and values of what was read, in arrays that programs read without a copy: of `capacity`
 * places the first `length` are filled. New places are written behind them; the arrays double
 * when they are full.
 */
export class KeyValueBuffers {
  #rows: number;
  #length = 0;
  #capacity = FIRST_CAPACITY;
  #positions: Int32Array;
  #mask: Uint8Array;
  readonly #arrays: ReadonlyMap<string, KeptArray>;

  constructor(layers: readonly KeptLayer[], rows: number) {
    this.#rows = rows;
    this.#positions = new Int32Array(rows * FIRST_CAPACITY);
    this.#mask = new Uint8Array(rows * FIRST_CAPACITY);
    this.#arrays = new Map(
      layers.flatMap(({ heads, widths: [key, value] }, i): [string, KeptArray][] => [
        [`${i}.key`, emptyArray(rows, heads, key)],
        [`${i}.value`, emptyArray(rows, heads, value)],
      ]),
    );
  }

  /** How many places are filled. */
  get length(): number {
    return this.#length;
  }

  /**
   * The inputs of a program.
   *
   * @param lastPosition of the text that is read; what depends on its length finds it among the
   *   positions, at a place that is not filled
   */
  feeds(lastPosition: number): Record<string, TensorData> {
    const [rows, capacity, length] = [this.#rows, this.#capacity, this.#length];
    for (let row = 0; row < rows; row++)
      this.#positions.fill(lastPosition, row * capacity + length, (row + 1) * capacity);
    const feeds: Record<string, TensorData> = {
      "past.positions": integers(this.#positions, [rows, capacity]),
      "past.mask": { dtype: "bool", data: this.#mask, shape: [rows, capacity] },
      "past.length": integers(Int32Array.of(length), [1]),
    };
    for (const [name, { data, heads, width }] of this.#arrays)
      feeds[`past.${name}`] = floats(data, [rows, heads, 1, capacity, width]);
    return feeds;
  }

  /**
   * Keeps new places.
   *
   * @param results of a program, with `new.<layer>.key` and `.value`
   * @param positions [rows, tokens]
   * @param mask [rows, tokens]
   */
  append(
    results: Readonly<Record<string, TensorData>>,
    positions: Int32Array,
    mask: Uint8Array,
  ): void {
    const tokens = positions.length / this.#rows;
    // One place stays empty; see `feeds`.
    while (this.#length + tokens >= this.#capacity) this.#double();
    for (const [name, { data, heads, width }] of this.#arrays) {
      const added = floatData(results[`new.${name}`]);
      this.#write(data, added, this.#rows * heads, width);
    }
    this.#write(this.#positions, positions, this.#rows, 1);
    this.#write(this.#mask, mask, this.#rows, 1);
    this.#length += tokens;
  }

  #write<A extends Float32Array | Int32Array | Uint8Array>(
    to: A,
    from: A,
    blocks: number,
    width: number,
  ): void {
    const size = from.length / blocks;
    for (let i = 0; i < blocks; i++)
      to.set(from.subarray(i * size, (i + 1) * size), (i * this.#capacity + this.#length) * width);
  }

  #double(): void {
    const to = 2 * this.#capacity;
    for (const kept of this.#arrays.values()) {
      const { heads, width, data } = kept;
      const blocks = this.#rows * heads;
      kept.data = respaced(data, new Float32Array(blocks * to * width), blocks);
    }
    this.#positions = respaced(this.#positions, new Int32Array(this.#rows * to), this.#rows);
    this.#mask = respaced(this.#mask, new Uint8Array(this.#rows * to), this.#rows);
    this.#capacity = to;
  }

  /** Forgets everything. */
  clear(): void {
    this.#length = 0;
    this.#mask.fill(0);
  }

  /** Row i becomes what row `rows[i]` was; there may be more of them than before, or fewer. */
  select(rows: readonly number[]): void {
    for (const kept of this.#arrays.values()) kept.data = selected(kept.data, this.#rows, rows);
    this.#positions = selected(this.#positions, this.#rows, rows);
    this.#mask = selected(this.#mask, this.#rows, rows);
    this.#rows = rows.length;
  }
}

function emptyArray(rows: number, heads: number, width: number): KeptArray {
  return { data: new Float32Array(rows * heads * FIRST_CAPACITY * width), heads, width };
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** The same blocks, further apart. */
function respaced<A extends Numbers>(from: A, to: A, blocks: number): A {
  const [size, room] = [from.length / blocks, to.length / blocks];
  for (let i = 0; i < blocks; i++) to.set(from.subarray(i * size, (i + 1) * size), i * room);
  return to;
}

/** The rows of an array that has `count` rows. */
export function selected<A extends Numbers>(from: A, count: number, rows: readonly number[]): A {
  const size = from.length / count;
  const to = new (from.constructor as new (length: number) => A)(rows.length * size);
  rows.forEach((row, i) => to.set(from.subarray(row * size, (row + 1) * size), i * size));
  return to;
}
