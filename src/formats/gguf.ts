/**
 * Reading the metadata of a GGUF file: keys and values in front of the tensors, which are not read.
 *
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */

import { type ByteSource, FormatError } from "orrery-lm/base";
import { GGUF_MAGIC } from "./signatures.ts";

/** The name of the format in errors. */
export const GGUF: string = "GGUF";

/** A value of the metadata. Whole numbers of 64 bits become the nearest double. */
export type GgufValue = string | number | boolean | readonly string[] | Float64Array;

const FIRST_WINDOW_BYTES = 1 << 20;
// Vocabularies take some 10 MB. A hostile length must not make us read a whole model.
const MAX_METADATA_BYTES = 1 << 28;
// More than any vocabulary has; a list takes more memory than its bytes in the file.
const MAX_LIST_LENGTH = 1 << 24;
const [STRING, ARRAY] = [8, 9];
// By type; 0 for those that have no width of their own.
const WIDTHS = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/**
 * Reads the metadata of a file.
 * @param isWanted whether to keep the value of a key
 * @throws {FormatError} if it is no GGUF file of version 2 or 3, is cut short, or has a type that is not
 * known, with the byte where the trouble begins.
 */
export async function readGguf(
  source: ByteSource,
  isWanted: (key: string) => boolean,
): Promise<ReadonlyMap<string, GgufValue>> {
  // Nothing says how long the metadata is: read on until all of it is there.
  for (let size = FIRST_WINDOW_BYTES; ; size *= 4) {
    const end = Math.min(size, source.size, MAX_METADATA_BYTES);
    // oxlint-disable-next-line no-await-in-loop -- each try reads more than the one before
    const cursor = new Cursor(await source.slice(0, end));
    try {
      return readMetadata(cursor, isWanted);
    } catch (error) {
      if (!(error instanceof EndOfWindow)) throw error;
      if (end < source.size && end < MAX_METADATA_BYTES) continue;
      const message =
        end === source.size ? "the file is cut short" : `the metadata goes on past ${end} bytes`;
      throw new FormatError(GGUF, `${message}, or it is broken`, { offset: cursor.position });
    }
  }
}

function readMetadata(
  cursor: Cursor,
  isWanted: (key: string) => boolean,
): ReadonlyMap<string, GgufValue> {
  if (cursor.uint32() !== GGUF_MAGIC) throw new FormatError(GGUF, `expected "GGUF"`, { offset: 0 });
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    throw new FormatError(GGUF, `expected version 2 or 3, got ${version}`, { offset: 4 });
  }
  cursor.size(); // the number of tensors
  const metadata = new Map<string, GgufValue>();
  for (let left = cursor.size(); left > 0; left--) {
    const key = cursor.string();
    const value = readValue(cursor, cursor.uint32(), isWanted(key));
    if (value !== undefined) metadata.set(key, value);
  }
  return metadata;
}

/** Reads a value, or passes over it: then the result is undefined. */
function readValue(cursor: Cursor, type: number, isWanted: boolean): GgufValue | undefined {
  if (type === STRING) {
    if (isWanted) return cursor.string();
    cursor.skip(cursor.size());
    return undefined;
  }
  if (type === ARRAY) return readArray(cursor, isWanted);
  const width = widthOf(type, cursor);
  if (!isWanted) {
    cursor.skip(width);
    return undefined;
  }
  const value = cursor.number(type);
  return type === 7 ? value !== 0 : value;
}

function readArray(cursor: Cursor, isWanted: boolean): GgufValue | undefined {
  const type = cursor.uint32();
  const length = cursor.size();
  if (type === ARRAY) {
    throw new FormatError(GGUF, "an array of arrays is not supported", { offset: cursor.position });
  }
  if (isWanted && length > MAX_LIST_LENGTH) {
    const message = `expected at most ${MAX_LIST_LENGTH} values in a list, got ${length}`;
    throw new FormatError(GGUF, message, { offset: cursor.position - 8 });
  }
  if (type !== STRING) {
    const width = widthOf(type, cursor);
    cursor.need(length * width);
    if (isWanted) return Float64Array.from({ length }, () => cursor.number(type));
    cursor.skip(length * width);
    return undefined;
  }
  // Each has at least a length of 8 bytes.
  cursor.need(8 * length);
  const strings: string[] = [];
  for (let i = 0; i < length; i++) {
    if (isWanted) strings.push(cursor.string());
    else cursor.skip(cursor.size());
  }
  return isWanted ? strings : undefined;
}

function widthOf(type: number, cursor: Cursor): number {
  const width = WIDTHS[type];
  if (width !== undefined) return width;
  throw new FormatError(GGUF, `unknown type ${type}`, { offset: cursor.position - 4 });
}

/** More bytes are needed than the window has. */
class EndOfWindow extends Error {}

/** Reads numbers and strings, one after the other. */
class Cursor {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  need(count: number): void {
    if (count > this.#bytes.length - this.position) throw new EndOfWindow();
  }

  skip(count: number): void {
    this.need(count);
    this.position += count;
  }

  uint32(): number {
    return this.number(4);
  }

  /** A length in 64 bits. */
  size(): number {
    return this.number(10);
  }

  string(): string {
    const length = this.size();
    this.need(length);
    const start = this.position;
    this.position += length;
    return this.#decoder.decode(this.#bytes.subarray(start, this.position));
  }

  /** @param type one that has a width */
  number(type: number): number {
    const width = WIDTHS[type]!;
    this.need(width);
    const at = this.position;
    this.position += width;
    switch (type) {
      case 1:
        return this.#view.getInt8(at);
      case 2:
        return this.#view.getUint16(at, true);
      case 3:
        return this.#view.getInt16(at, true);
      case 4:
        return this.#view.getUint32(at, true);
      case 5:
        return this.#view.getInt32(at, true);
      case 6:
        return this.#view.getFloat32(at, true);
      case 10:
        return Number(this.#view.getBigUint64(at, true));
      case 11:
        return Number(this.#view.getBigInt64(at, true));
      case 12:
        return this.#view.getFloat64(at, true);
      default:
        return this.#view.getUint8(at);
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
