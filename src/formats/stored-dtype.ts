/** Element types of stored tensors, and their numbers as float32 or int32. */

import { FormatError } from "orrery-lm/base";
import type { StoredTensor } from "./safetensors.ts";

/** Bytes per element. */
export const dtypeBytes = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;

/** The name of an element type. */
export type StoredDtype = keyof typeof dtypeBytes;

/** The value of a half-precision number from its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

async function viewOf(tensor: StoredTensor): Promise<{ view: DataView; count: number }> {
  const bytes = await tensor.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { view, count: bytes.byteLength / dtypeBytes[tensor.dtype] };
}

/**
 * The numbers as float32: halves widened exactly, doubles rounded.
 *
 * @throws {FormatError} if the elements are not floating-point.
 */
export async function toFloat32(tensor: StoredTensor): Promise<Float32Array> {
  const { view, count } = await viewOf(tensor);
  const read: Partial<Record<StoredDtype, (i: number) => number>> = {
    F32: (i) => view.getFloat32(4 * i, true),
    F64: (i) => view.getFloat64(8 * i, true),
    F16: (i) => halfToNumber(view.getUint16(2 * i, true)),
  };
  const result = new Float32Array(count);
  if (tensor.dtype === "BF16") {
    // The upper half of a float32, bit for bit.
    const bits = new Uint32Array(result.buffer);
    for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
    return result;
  }
  const at = read[tensor.dtype];
  if (!at)
    throw new FormatError("safetensors", `expected floating-point numbers, got ${tensor.dtype}`);
  for (let i = 0; i < count; i++) result[i] = at(i);
  return result;
}

/**
 * Whole numbers as int32.
 *
 * @throws {FormatError} if the elements are not whole numbers, or one does not fit.
 */
export async function toInt32(tensor: StoredTensor): Promise<Int32Array> {
  const { view, count } = await viewOf(tensor);
  const read: Partial<Record<StoredDtype, (i: number) => number>> = {
    I64: (i) => Number(view.getBigInt64(8 * i, true)),
    I32: (i) => view.getInt32(4 * i, true),
    U8: (i) => view.getUint8(i),
    BOOL: (i) => view.getUint8(i),
  };
  const at = read[tensor.dtype];
  if (!at) throw new FormatError("safetensors", `expected whole numbers, got ${tensor.dtype}`);
  const result = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = at(i);
    if (value !== (value | 0))
      throw new FormatError("safetensors", `element ${i}: ${value} does not fit 32 bits`);
    result[i] = value;
  }
  return result;
}

/**
 * Doubles as they are.
 *
 * @throws {FormatError} if the elements are not doubles.
 */
export async function toFloat64(tensor: StoredTensor): Promise<Float64Array> {
  if (tensor.dtype !== "F64")
    throw new FormatError("safetensors", `expected F64, got ${tensor.dtype}`);
  const { view, count } = await viewOf(tensor);
  return Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
}
