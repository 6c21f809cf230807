/** Writing Protocol Buffers messages, field by field. @see https://protobuf.dev/programming-guides/encoding */

const text = new TextEncoder();

/** Collects the fields of one message; `finish` gives its bytes. */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** A whole number (int32, int64, uint64, bool, enum); negative ones take ten bytes. */
  integer(field: number, value: number | bigint): this {
    return this.#varint(field * 8).#varint(value);
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#varint(field * 8 + 5).#append(bytes);
  }

  /** Raw bytes. They are not copied. */
  bytes(field: number, value: Uint8Array): this {
    return this.#varint(field * 8 + 2)
      .#varint(value.length)
      .#append(value);
  }

  /** UTF-8 text. */
  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  /** A nested message. Its chunks are shared, not copied. */
  message(field: number, value: ProtobufWriter): this {
    this.#varint(field * 8 + 2).#varint(value.#length);
    for (const chunk of value.#chunks) this.#append(chunk);
    return this;
  }

  /** The message's bytes. */
  finish(): Uint8Array {
    const result = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, offset);
      offset += chunk.length;
    }
    return result;
  }

  #append(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  #varint(value: number | bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#append(Uint8Array.from(bytes));
  }
}
