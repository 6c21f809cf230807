/** Writing safetensors as the reference library does, byte for byte. */
import { FormatError, ShapeError, compareCodePoints } from "orrery-lm/base";
import { dtypeBytes, type StoredDtype } from "./stored-dtype.ts";

/** A tensor to be written. */
export interface WritableTensor {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Elements, row-major; of as many bytes as dtype and shape ask for. */
  readonly data: ArrayBufferView;
}

/** What {@link writeSafetensors} writes. */
export interface WritableTensors {
  /** Left out of the file if it is empty. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, WritableTensor>;
}

// The reference library's order of types, last to first; within a type, names are in order.
const order: readonly StoredDtype[] = [
  "U64",
  "I64",
  "F64",
  "C64",
  "F32",
  "U32",
  "I32",
  "BF16",
  "F16",
  "U16",
  "I16",
  "F8_E8M0",
  "F8_E4M3",
  "F8_E5M2",
  "I8",
  "U8",
  "BOOL",
];

/**
 * The bytes of a safetensors file: header length, compact JSON header padded with spaces to a
 * multiple of 8, then the numbers without gaps.
 *
 * @throws {ShapeError} if a tensor's data is not of the length that its shape asks for.
 * @throws {FormatError} if a tensor is called `__metadata__`.
 */
export function writeSafetensors(content: WritableTensors): Uint8Array {
  const chunks = safetensorsChunks(content);
  const file = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/**
 * The same bytes in pieces: the header, then each tensor as a view of its data, so that a large
 * model is not held twice. `writeFilesAtomic` takes them as they are.
 *
 * @throws {ShapeError} if a tensor's data is not of the length that its shape asks for.
 * @throws {FormatError} if a tensor is called `__metadata__`.
 */
export function safetensorsChunks({ metadata, tensors }: WritableTensors): Uint8Array[] {
  const sorted = [...tensors].sort(
    ([a, { dtype: p }], [b, { dtype: q }]) =>
      order.indexOf(p) - order.indexOf(q) || compareCodePoints(a, b),
  );
  const entries: string[] = [];
  const chunks: Uint8Array[] = [];
  if (Object.keys(metadata).length > 0) entries.push(entry("__metadata__", metadata));
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (name === "__metadata__") {
      throw new FormatError("safetensors", `no tensor may be called ${name}`);
    }
    const size = shape.reduce((a, b) => a * b, dtypeBytes[dtype]);
    if (data.byteLength !== size) {
      throw new ShapeError(`safetensors: tensor ${name}`, shape, [
        data.byteLength / dtypeBytes[dtype],
      ]);
    }
    entries.push(entry(name, { dtype, shape, data_offsets: [offset, offset + size] }));
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += size;
  }
  // Joined by hand: an object would put names that are numbers first and lose `__proto__`.
  const json = new TextEncoder().encode(`{${entries.join(",")}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return [header, ...chunks];
}

function entry(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
