/**
 * Reading safetensors: names, types and shapes first, numbers when asked for.
 *
 * @see https://github.com/huggingface/safetensors#format
 */

import { FormatError, type ByteSource, decodeUtf8 } from "orrery-lm/base";
import { scanJson } from "./json-scan.ts";
import { dtypeBytes, type StoredDtype } from "./stored-dtype.ts";

// The reference library's limit. No real header comes near; a hostile length must not allocate.
const MAX_HEADER_BYTES = 100_000_000;

/** A tensor in a file; its bytes are read when asked for. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  bytes(): Promise<Uint8Array>;
}

/** What a safetensors file holds. */
export interface StoredTensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const wrong = (message: string, offset?: number, cause?: unknown): FormatError =>
  new FormatError("safetensors", message, { ...(offset !== undefined && { offset }), cause });

/**
 * Reads the header of a file; the numbers of a tensor are read when asked for.
 *
 * @throws {FormatError} if the file is cut short, or its header is too long, not JSON, or does not
 *   describe the rest of the file exactly.
 */
export async function readSafetensors(source: ByteSource): Promise<StoredTensors> {
  const { entries, start } = await readHeader(source);
  const tensors = new Map<string, StoredTensor>();
  const ranges: { name: string; from: number; to: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (name === "__metadata__") {
      metadata = readMetadata(value);
      continue;
    }
    const { dtype, shape, from, to } = readEntry(name, value);
    ranges.push({ name, from, to });
    tensors.set(name, { dtype, shape, bytes: () => source.slice(start + from, start + to) });
  }
  checkRanges(ranges, start, source.size);
  return { metadata, tensors };
}

async function readHeader(
  source: ByteSource,
): Promise<{ entries: [string, unknown][]; start: number }> {
  if (source.size < 8) {
    throw wrong(`expected at least 8 bytes, got ${source.size}; the file is cut short`, 0);
  }
  const first = await source.slice(0, 8);
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw wrong(
      `expected a header of at most ${MAX_HEADER_BYTES} bytes, got ${length}; is it a safetensors file?`,
      0,
    );
  }
  if (8 + length > source.size) {
    throw wrong(
      `expected a header of ${length} bytes, the file has ${source.size - 8} after its length; it is cut short or no safetensors file`,
      0,
    );
  }
  return { entries: parseHeader(await source.slice(8, 8 + length)), start: 8 + length };
}

function parseHeader(bytes: Uint8Array): [string, unknown][] {
  // The format allows neither a byte order mark nor spaces before the brace.
  if (bytes[0] !== 0x7b) throw wrong("expected a header that begins with {", 8);
  let header: object;
  let text: string;
  try {
    text = decodeUtf8(bytes);
    header = JSON.parse(text) as object;
  } catch (cause) {
    throw wrong(`the header is not JSON: ${(cause as Error).message}`, 8, cause);
  }
  const { duplicate } = scanJson(text);
  if (duplicate !== undefined) {
    const before = new TextEncoder().encode(text.slice(0, duplicate.index)).length;
    throw wrong(`"${duplicate.key}" stands twice in one object of the header`, 8 + before);
  }
  return Object.entries(header);
}

function readMetadata(value: unknown): Record<string, string> {
  const isFine =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string");
  if (!isFine) throw wrong("__metadata__: expected an object of strings", 8);
  return value as Record<string, string>;
}

interface Entry {
  dtype: StoredDtype;
  shape: readonly number[];
  from: number;
  to: number;
}

function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)
  );
}

function readEntry(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(dtypeBytes, dtype)) {
    throw wrong(
      `tensor ${name}: expected a dtype of ${Object.keys(dtypeBytes).join(", ")}, got ${JSON.stringify(dtype)}`,
      8,
    );
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw wrong(
      `tensor ${name}: expected "shape" and "data_offsets" [from, to] of whole numbers`,
      8,
    );
  }
  const [from, to] = offsets as [number, number];
  const expected = shape.reduce((a, b) => a * b, dtypeBytes[dtype as StoredDtype]);
  if (to - from !== expected) {
    throw wrong(
      `tensor ${name}: ${dtype} [${shape.join(", ")}] takes ${expected} bytes, data_offsets give ${to - from}`,
      8,
    );
  }
  return { dtype: dtype as StoredDtype, shape, from, to };
}

/** Tensors must follow one another without a gap or overlap, up to the end of the file. */
function checkRanges(
  ranges: readonly { name: string; from: number; to: number }[],
  start: number,
  size: number,
): void {
  let end = 0;
  for (const { name, from, to } of ranges.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end)
      throw wrong(
        `tensor ${name}: expected to begin at ${end}, begins at ${from}; tensors overlap or leave a gap`,
        start + from,
      );
    end = to;
  }
  if (start + end !== size) {
    const what = start + end > size ? "the file is cut short" : "bytes are left over";
    throw wrong(
      `the header promises ${start + end} bytes, the file has ${size}: ${what}`,
      Math.min(start + end, size),
    );
  }
}
