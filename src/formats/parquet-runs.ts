import { FormatError } from "orrery-lm/base";

// A writer may fill up its last run; the library would write whatever the run says.
const SPARE_VALUES = 1024;

/** Where runs lie: behind each other in `bytes[start, end)`, in the hybrid of runs and packed bits. */
export interface Runs {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Bits of a value. */
  readonly width: number;
  /** How many values the page needs. */
  readonly count: number;
}

/**
 * Passes over runs, which may repeat a value two billion times from five bytes.
 *
 * @returns how many of the values are 1; of use only where a value has one bit
 * @throws {FormatError} if a run is longer than the values that are left.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function checkRuns({ bytes, start, end, width, count }: Runs): number {
  let position = start;
  let left = count;
  let ones = 0;
  while (left > 0 && position < end) {
    let header = 0;
    for (let scale = 1, byte = 128; byte >= 128 && position < end; scale *= 128) {
      byte = bytes[position++]!;
      header += (byte & 127) * scale;
    }
    const isPacked = header % 2 === 1;
    const length = Math.floor(header / 2) * (isPacked ? 8 : 1);
    if (length > left + SPARE_VALUES) {
      throw new FormatError(
        "Parquet file",
        `expected runs of ${count} values in all, got one of ${length} where ${left} are left`,
      );
    }
    const used = Math.min(length, left);
    if (width === 1) {
      if (isPacked) ones += countOnes(bytes, position, used);
      else if (bytes[position] === 1) ones += used;
    }
    position += isPacked ? (length / 8) * width : Math.ceil(width / 8);
    left -= used;
  }
  return ones;
}

/** Of the first `count` bits, the lowest of a byte first. */
function countOnes(bytes: Uint8Array, start: number, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += ((bytes[start + (i >> 3)] ?? 0) >> (i & 7)) & 1;
  return ones;
}

/** A page of data as it lies in the file, behind its header. */
export interface DataPage {
  readonly bytes: Uint8Array;
  /** The format of the page, 1 or 2, which differ in where the levels lie. */
  readonly version: 1 | 2;
  readonly count: number;
  /** By its number in the format. */
  readonly encoding: number;
  /** Of format 2. */
  readonly levels: { readonly start: number; readonly end: number; readonly nulls: number };
  /** Whether each value has a level that says if it is there. */
  readonly isOptional: boolean;
  /** Gives the values without compression. */
  readonly unpack: (bytes: Uint8Array) => Uint8Array;
}

// PLAIN_DICTIONARY and RLE_DICTIONARY.
const DICTIONARIES: readonly number[] = [2, 8];

/** @throws {FormatError} if a run of a page of texts is longer than the values that are left. */
export function checkDataPage(page: DataPage): void {
  const { bytes, version, count, encoding, levels, isOptional, unpack } = page;
  let values = bytes;
  let present = count;
  if (version === 1) {
    values = unpack(bytes);
    if (isOptional) {
      present = checkRuns({ bytes: values, start: 4, end: values.length, width: 1, count });
      const size =
        values.length < 4 ? 0 : new DataView(values.buffer, values.byteOffset).getUint32(0, true);
      values = values.subarray(4 + size);
    }
  } else {
    if (isOptional) checkRuns({ bytes, start: levels.start, end: bytes.length, width: 1, count });
    present = Math.max(0, count - levels.nulls);
    values = unpack(bytes.subarray(levels.end));
  }
  if (!DICTIONARIES.includes(encoding) || values.length === 0) return;
  checkRuns({ bytes: values, start: 1, end: values.length, width: values[0]!, count: present });
}
