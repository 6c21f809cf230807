const KEPT_LENGTH = 1 << 16;

/** A list of numbers below 2^32 that grows in place: ids, or places in a text. */
export class IdBuffer {
  /** What has been pushed, and room behind it. */
  data: Uint32Array = new Uint32Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.#grow(this.length + 1);
    this.data[this.length++] = value;
  }

  /** Appends `source[start, end)`. */
  append(source: Uint32Array | Int32Array, start: number, end: number): void {
    const count = end - start;
    if (this.length + count > this.data.length) this.#grow(this.length + count);
    // Most pieces are a few tokens: a loop beats the call of `set`.
    for (let i = 0; i < count; i++) this.data[this.length + i] = source[start + i]!;
    this.length += count;
  }

  /** Adds to the last value. */
  addToLast(amount: number): void {
    this.data[this.length - 1]! += amount;
  }

  /** Takes off what lies behind a length. */
  cutTo(length: number): void {
    this.length = length;
  }

  /** Takes off everything; the room for a long list is given back. */
  clear(): void {
    this.length = 0;
    if (this.data.length > KEPT_LENGTH) this.data = new Uint32Array(64);
  }

  /** What has been pushed, as long as nothing else is. */
  view(): Uint32Array {
    return this.data.subarray(0, this.length);
  }

  /** A copy of what has been pushed. */
  toArray(): Uint32Array {
    return this.data.slice(0, this.length);
  }

  #grow(needed: number): void {
    const data = new Uint32Array(Math.max(needed, 2 * this.data.length));
    data.set(this.data);
    this.data = data;
  }
}
