import { FormatError } from "./errors.ts";
import { firstInvalidByte } from "./utf8.ts";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const WIRE_NAMES = ["a varint", "8 bytes", "a length and bytes", "", "", "4 bytes"];

// Unlike `decodeUtf8` it keeps U+FEFF at the start, which is a character of a vocabulary.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the fields of one Protocol Buffers message, from untrusted bytes, in the order in which they
 * stand: `while (message.next()) switch (message.field) { case 1: … message.string() }`.
 * What the loop does not ask for is skipped. Groups, which proto3 dropped, are refused.
 *
 * @see https://protobuf.dev/programming-guides/encoding
 */
export class ProtobufReader {
  /** The number of the current field. */
  field = 0;
  readonly #bytes: Uint8Array;
  readonly #name: string;
  readonly #base: number;
  #wire = 0;
  #isWide = false;
  #fieldStart = 0;
  #valueStart = 0;
  #position = 0;

  /**
   * @param name what errors call the bytes
   * @param base where in the file the bytes start, for the offsets in errors
   */
  constructor(bytes: Uint8Array, name: string, base = 0) {
    this.#bytes = bytes;
    this.#name = name;
    this.#base = base;
  }

  /**
   * Goes to the next field; false at the end.
   * @throws {FormatError} if there is no whole field, or it is a group.
   */
  next(): boolean {
    if (this.#position === this.#bytes.length) return false;
    this.#fieldStart = this.#position;
    const tag = this.#varint32();
    this.field = tag >>> 3;
    this.#wire = tag & 7;
    if (this.field === 0) this.#fail("expected a field number from 1, got 0");
    this.#valueStart = this.#position;
    switch (this.#wire) {
      case VARINT:
        this.#varint();
        break;
      case FIXED64:
        this.#skip(8);
        break;
      case BYTES: {
        const length = this.#varint32();
        this.#valueStart = this.#position;
        this.#skip(length);
        break;
      }
      case FIXED32:
        this.#skip(4);
        break;
      default:
        this.#fail(`expected a varint, bytes, 4 or 8 bytes, got wire type ${this.#wire}`);
    }
    return true;
  }

  /** An int32 or enum: the lower 32 bits, signed. @throws {FormatError} if it is no varint. */
  int32(): number {
    this.#expect(VARINT);
    const end = this.#position;
    this.#position = this.#valueStart;
    const value = this.#varint() | 0;
    this.#position = end;
    return value;
  }

  /** @throws {FormatError} if it is no varint. */
  bool(): boolean {
    this.#expect(VARINT);
    return this.#bytes.subarray(this.#valueStart, this.#position).some((byte) => (byte & 0x7f) > 0);
  }

  /** A 32-bit float. @throws {FormatError} if it is not 4 bytes. */
  float(): number {
    this.#expect(FIXED32);
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset + this.#valueStart, 4).getFloat32(0, true);
  }

  /** A view of the bytes. @throws {FormatError} if it is not a length and bytes. */
  bytes(): Uint8Array {
    this.#expect(BYTES);
    return this.#bytes.subarray(this.#valueStart, this.#position);
  }

  /** @throws {FormatError} if it is not a length and UTF-8. */
  string(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      const offset = this.#base + this.#valueStart + (firstInvalidByte(bytes) ?? 0);
      throw new FormatError(this.#name, `field ${this.field} is not UTF-8`, { offset, cause });
    }
  }

  /** A nested message. @throws {FormatError} if it is not a length and bytes. */
  message(): ProtobufReader {
    return new ProtobufReader(this.bytes(), this.#name, this.#base + this.#valueStart);
  }

  #expect(wire: number): void {
    if (this.#wire === wire) return;
    this.#fail(`field ${this.field}: expected ${WIRE_NAMES[wire]}, got ${WIRE_NAMES[this.#wire]}`);
  }

  /** A field's number or a length, which have 32 bits. */
  #varint32(): number {
    const value = this.#varint();
    return this.#isWide ? this.#fail("expected a number or length of 32 bits, got more") : value;
  }

  /** The lower 32 bits, unsigned. Notes whether there are others. */
  #varint(): number {
    this.#isWide = false;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) this.#fail("expected a varint, got the end");
      const bits = byte & 0x7f;
      // A shift of 32 or more would wrap around.
      if (shift < 32) value |= bits << shift;
      if (shift >= 28 && bits >> (shift === 28 ? 4 : 0) !== 0) this.#isWide = true;
      if (byte < 0x80) return value >>> 0;
    }
    return this.#fail("expected a varint of at most 10 bytes");
  }

  #skip(count: number): void {
    const left = this.#bytes.length - this.#position;
    if (count > left) this.#fail(`field ${this.field}: expected ${count} more bytes, got ${left}`);
    this.#position += count;
  }

  #fail(message: string): never {
    throw new FormatError(this.#name, message, { offset: this.#base + this.#fieldStart });
  }
}
