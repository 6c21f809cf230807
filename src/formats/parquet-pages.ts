import { type ByteSource, FormatError } from "orrery-lm/base";
import type { ColumnMetaData } from "hyparquet";
import { checkDataPage } from "./parquet-runs.ts";

/** The fields of a struct of Thrift by number, those that are whole numbers. */
type Fields = ReadonlyMap<number, Field>;
type Field = number | boolean | Fields | undefined;

/** Which field of the page header has the rest of it, by the type of the page. */
const PAGES: ReadonlyMap<Field, PageKind> = new Map([
  [0, { field: 5, needs: [1, 2, 3, 4], isData: true }],
  [2, { field: 7, needs: [1, 2], isData: false }],
  [3, { field: 8, needs: [1, 2, 3, 4, 5, 6], isData: true }],
]);

interface PageKind {
  readonly field: number;
  readonly needs: readonly number[];
  readonly isData: boolean;
}

// What a page of Snappy can grow to: 64 bytes from 2.
const MOST_GROWTH = 32;

// A run of equal texts takes no room, but a group of rows must fit into memory.
const MOST_VALUES = 2 ** 24;
const MOST_VALUES_PER_BYTE = 8;

const ENCODINGS_OF_TEXTS: readonly unknown[] = [0, 2, 6, 7, 8];

/** What is needed to look into the pages of a column. */
export interface TextColumn {
  readonly column: ColumnMetaData;
  /** Whether rows may be without a text. */
  readonly isOptional: boolean;
  readonly unpackSnappy: (bytes: Uint8Array, unpacked: Uint8Array) => void;
}

/**
 * Checks the pages of a column of texts: the library reads on and on where a number is missing, and
 * writes as many values as a run says.
 *
 * @throws {FormatError} if a header is broken, the sizes and counts do not fit together, or a group has
 * more rows than 2^24 and 8 for each byte.
 */
export async function checkPages(
  source: ByteSource,
  { column, isOptional, unpackSnappy }: TextColumn,
): Promise<void> {
  const { data_page_offset, dictionary_page_offset, total_compressed_size, num_values } = column;
  const start = Number(dictionary_page_offset || data_page_offset);
  const end = start + Number(total_compressed_size);
  if (!(start >= 0 && start <= end && end <= source.size)) fail(start, "pages inside the file");
  const most = MOST_VALUES + MOST_VALUES_PER_BYTE * (end - start);
  if (num_values > most) fail(start, `at most ${most} values in a group, got ${num_values}`);
  const bytes = await source.slice(start, end);
  const reader = new ThriftReader(bytes, start);
  let values = 0;
  while (reader.offset < bytes.length - 1) {
    const at = start + reader.offset;
    const header = reader.struct(0);
    const kind = PAGES.get(header.get(1));
    const page = kind && header.get(kind.field);
    if (kind === undefined || typeof page !== "object") return fail(at, "the header of a page");
    const numbers = kind.needs.map((field) => page.get(field));
    const sizes = [header.get(2), header.get(3), ...numbers];
    if (!sizes.every((size) => typeof size === "number" && size >= 0)) fail(at, "sizes and counts");
    const [unpacked, packed, count] = sizes as [number, number, number];
    const levels = kind.field === 8 ? (sizes[6] as number) + (sizes[7] as number) : 0;
    if (packed > bytes.length - reader.offset) fail(at, "a page inside its column");
    if (column.codec === "SNAPPY" && unpacked > MOST_GROWTH * (packed + 1))
      fail(at, "a page that grows less");
    if (kind.isData) values += count;
    else if (count > unpacked) fail(at, "values that have bytes");
    if (levels > packed) fail(at, "levels inside the page");
    const body = bytes.subarray(reader.offset, reader.offset + packed);
    reader.offset += packed;
    if (!kind.isData) continue;
    const isSecond = kind.field === 8;
    const encoding = page.get(isSecond ? 4 : 2);
    if (!ENCODINGS_OF_TEXTS.includes(encoding)) fail(at, "an encoding of texts");
    const isPacked = column.codec === "SNAPPY" && page.get(7) !== false;
    checkDataPage({
      bytes: body,
      version: isSecond ? 2 : 1,
      count,
      encoding: encoding as number,
      levels: {
        start: isSecond ? (page.get(6) as number) : 0,
        end: levels,
        nulls: isSecond ? (page.get(2) as number) : 0,
      },
      isOptional,
      unpack: (some) => {
        if (!isPacked) return some;
        const whole = new Uint8Array(Math.max(0, unpacked - levels));
        unpackSnappy(some, whole);
        return whole;
      },
    });
  }
  if (BigInt(values) !== BigInt(num_values)) fail(start, `${num_values} values, got ${values}`);
}

/** Reads whole numbers of the compact protocol of Thrift, and passes over all else. */
class ThriftReader {
  offset = 0;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  struct(depth: number): Fields {
    const fields = new Map<number, Field>();
    let id = 0;
    for (let head = this.#byte(); (head & 15) !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, this.#value(head & 15, depth));
    }
    return fields;
  }

  #value(type: number, depth: number): Field {
    if (depth > 8) return fail(this.#start + this.offset, "the header of a page");
    switch (type) {
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        return this.#skip(8);
      case 8:
        return this.#skip(this.#varint());
      case 12:
        return this.struct(depth + 1);
      default:
        return fail(this.#start + this.offset, "a field of the header of a page");
    }
  }

  #skip(count: number): undefined {
    this.offset += count;
    return undefined;
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return fail(this.#start + this.offset, "a number of at most ten bytes");
  }

  #byte(): number {
    const byte = this.#bytes[this.offset++];
    return byte ?? fail(this.#start + this.offset, "more bytes");
  }
}

function fail(offset: number, expected: string): never {
  throw new FormatError("Parquet file", `expected ${expected}`, { offset });
}
