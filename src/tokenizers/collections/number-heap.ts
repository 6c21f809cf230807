const KEPT_LENGTH = 1 << 16;

/** A binary heap of numbers whose smallest comes out first. */
export class NumberHeap {
  length = 0;
  #values = new Float64Array(64);

  push(value: number): void {
    if (this.length === this.#values.length) {
      const values = new Float64Array(2 * this.length);
      values.set(this.#values);
      this.#values = values;
    }
    let hole = this.length++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#values[parent]! <= value) break;
      this.#values[hole] = this.#values[parent]!;
      hole = parent;
    }
    this.#values[hole] = value;
  }

  /** The smallest; undefined if there is none. */
  peek(): number | undefined {
    return this.length === 0 ? undefined : this.#values[0]!;
  }

  /** Takes the smallest out; undefined if there is none. */
  pop(): number | undefined {
    if (this.length === 0) return undefined;
    const smallest = this.#values[0]!;
    const value = this.#values[--this.length]!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.length) break;
      if (child + 1 < this.length && this.#values[child + 1]! < this.#values[child]!) child++;
      if (this.#values[child]! >= value) break;
      this.#values[hole] = this.#values[child]!;
      hole = child;
    }
    this.#values[hole] = value;
    return smallest;
  }

  /** Takes out everything; the room for many is given back. */
  clear(): void {
    this.length = 0;
    if (this.#values.length > KEPT_LENGTH) this.#values = new Float64Array(64);
  }
}
