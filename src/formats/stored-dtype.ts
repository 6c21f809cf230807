/** Element types of stored tensors, and their numbers as float32, float64 or int32. */
import { FormatError } from "orrery-lm/base";
import type { StoredTensor } from "./safetensors.ts";

/** Bytes per element. */
export const dtypeBytes = {
  F64: 8,
  I64: 8,
  U64: 8,
  C64: 8,
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
  F8_E8M0: 1,
} as const;

/** The name of an element type. */
export type StoredDtype = keyof typeof dtypeBytes;

/** The value of a half-precision number from its 16 bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The numbers as float32: halves widened exactly, doubles rounded.
 *
 * @throws {FormatError} if the elements are not floating-point.
 */
export async function toFloat32(tensor: StoredTensor): Promise<Float32Array> {
  const { dtype } = tensor;
  if (dtype === "F32") return new Float32Array(await alignedBytes(tensor));
  if (dtype === "F64") return Float32Array.from(new Float64Array(await alignedBytes(tensor)));
  if (dtype === "F16") return widenHalves(new Uint16Array(await alignedBytes(tensor)));
  if (dtype === "BF16") return widenBrainFloats(new Uint16Array(await alignedBytes(tensor)));
  throw wrong(`expected floating-point numbers, got ${dtype}`);
}

/**
 * Whole numbers as int32.
 *
 * @throws {FormatError} if the elements are not whole numbers, or one does not fit.
 */
export async function toInt32(tensor: StoredTensor): Promise<Int32Array> {
  const { dtype } = tensor;
  if (!Object.hasOwn(wholeNumbers, dtype)) throw wrong(`expected whole numbers, got ${dtype}`);
  return wholeNumbers[dtype as keyof typeof wholeNumbers](await alignedBytes(tensor));
}

/**
 * Doubles as they are.
 *
 * @throws {FormatError} if the elements are not doubles.
 */
export async function toFloat64(tensor: StoredTensor): Promise<Float64Array> {
  if (tensor.dtype !== "F64") throw wrong(`expected F64, got ${tensor.dtype}`);
  return new Float64Array(await alignedBytes(tensor));
}

/**
 * The tensor's bytes where a typed array can lie over them: what was read from a disk is an array
 * of its own, what lies in memory is copied, as it may begin anywhere.
 * Files are little-endian, as every machine is that runs JavaScript today.
 */
async function alignedBytes(tensor: StoredTensor): Promise<ArrayBuffer> {
  const bytes = await tensor.bytes();
  const isOwn = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return isOwn ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
}

function widenHalves(halves: Uint16Array): Float32Array {
  if (halves.length < 2 ** 16) return Float32Array.from(halves, halfToNumber);
  // A large tensor: each of the 65,536 halves once, rather than each element.
  const values = Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToNumber(bits));
  const result = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) result[i] = values[halves[i]!]!;
  return result;
}

function widenBrainFloats(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  // The upper half of a float32, bit for bit.
  const bits = new Uint32Array(result.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return result;
}

const wholeNumbers = {
  I64: (bytes: ArrayBuffer) => narrow(new BigInt64Array(bytes)),
  U64: (bytes: ArrayBuffer) => narrow(new BigUint64Array(bytes)),
  I32: (bytes: ArrayBuffer) => new Int32Array(bytes),
  U32: (bytes: ArrayBuffer) => narrow(new Uint32Array(bytes)),
  I16: (bytes: ArrayBuffer) => Int32Array.from(new Int16Array(bytes)),
  U16: (bytes: ArrayBuffer) => Int32Array.from(new Uint16Array(bytes)),
  I8: (bytes: ArrayBuffer) => Int32Array.from(new Int8Array(bytes)),
  U8: (bytes: ArrayBuffer) => Int32Array.from(new Uint8Array(bytes)),
  BOOL: (bytes: ArrayBuffer) => Int32Array.from(new Uint8Array(bytes)),
} as const;

function narrow(values: BigInt64Array | BigUint64Array | Uint32Array): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    result[i] = Number(value);
    if (BigInt(result[i]!) !== BigInt(value)) {
      throw wrong(`element ${i}: ${value} does not fit 32 bits`);
    }
  }
  return result;
}

function wrong(message: string): FormatError {
  return new FormatError("safetensors", message);
}
