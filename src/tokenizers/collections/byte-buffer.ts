/** A list of bytes that grows in place. */
export class ByteBuffer {
  /** What has been pushed, and room behind it. */
  data: Uint8Array;
  length = 0;

  constructor(capacity = 256) {
    this.data = new Uint8Array(capacity);
  }

  push(byte: number): void {
    if (this.length === this.data.length) this.#grow(this.length + 1);
    this.data[this.length++] = byte;
  }

  /** Appends `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (this.length + count > this.data.length) this.#grow(this.length + count);
    for (let i = 0; i < count; i++) this.data[this.length + i] = source[start + i]!;
    this.length += count;
  }

  /** Takes off what lies behind a length. */
  cutTo(length: number): void {
    this.length = length;
  }

  clear(): void {
    this.length = 0;
  }

  #grow(needed: number): void {
    const data = new Uint8Array(Math.max(needed, 2 * this.data.length));
    data.set(this.data);
    this.data = data;
  }
}
