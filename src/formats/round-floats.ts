/** Float32 numbers in the types that files store. */
import type { StoredDtype } from "./stored-dtype.ts";

/** The types that {@link fromFloat32} writes. */
export type FloatDtype = "F64" | "F32" | "F16" | "BF16";

/** Whether a type is one of numbers with a point that can be written. */
export function isFloatDtype(dtype: StoredDtype): dtype is FloatDtype {
  return dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/**
 * Numbers in another type: halves rounded to the nearest, ties to even, as PyTorch does. What is
 * too large for a half becomes infinite.
 */
export function fromFloat32(data: Float32Array, dtype: FloatDtype): ArrayBufferView {
  if (dtype === "F32") return data;
  if (dtype === "F64") return Float64Array.from(data);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const round = dtype === "F16" ? toHalf : toBrainFloat;
  const halves = new Uint16Array(bits.length);
  for (let i = 0; i < bits.length; i++) halves[i] = round(bits[i]!);
  return halves;
}

function toBrainFloat(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40; // NaN stays NaN
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function toHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // from 65520 on, the nearest is infinity
  if (magnitude >= 0x38800000) {
    // The exponent counts from 15 instead of 127; 13 bits of the fraction go.
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // at most half of the smallest, 2 ** -24
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const floor = fraction >>> shift;
  const rest = fraction - floor * 2 ** shift;
  const half = 2 ** (shift - 1);
  return sign | (floor + (rest > half || (rest === half && (floor & 1) === 1) ? 1 : 0));
}
