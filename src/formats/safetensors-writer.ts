/** Writing safetensors as the reference library does, byte for byte. */

import { ShapeError } from "orrery-lm/base";
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
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, WritableTensor>;
}

// Widest alignment first, then by name: the reference library's order. Types of one width keep this order.
const order: readonly StoredDtype[] = [
  "U64",
  "I64",
  "F64",
  "F32",
  "U32",
  "I32",
  "BF16",
  "F16",
  "U16",
  "I16",
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
 */
export function writeSafetensors({ metadata, tensors }: WritableTensors): Uint8Array {
  const sorted = [...tensors].sort(
    ([a, { dtype: p }], [b, { dtype: q }]) =>
      order.indexOf(p) - order.indexOf(q) || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header["__metadata__"] = metadata;
  let offset = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const size = shape.reduce((a, b) => a * b, dtypeBytes[dtype]);
    if (data.byteLength !== size) {
      throw new ShapeError(`safetensors: tensor ${name}`, shape, [
        data.byteLength / dtypeBytes[dtype],
      ]);
    }
    header[name] = { dtype, shape, data_offsets: [offset, offset + size] };
    offset += size;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.length, 8 + length);
  let at = 8 + length;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
