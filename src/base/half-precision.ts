/** Numbers in 16 bits, as IEEE 754 has them. */

/**
 * The nearest half-precision numbers, as bits; of two equally near ones the even one. What is 65520
 * or more becomes infinite.
 */
export function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
}

/** @param bits of a float32 */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size >= 0x7f800000) return sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
  const exponent = size >>> 23;
  // 2^-14 is the smallest normal half; below it steps are 2^-24 and the leading one is written out.
  const isNormal = exponent >= 113;
  const fraction = isNormal ? size - (112 << 23) : (size & 0x7fffff) | 0x800000;
  const dropped = isNormal ? 13 : 126 - exponent;
  if (dropped > 24) return sign;
  const kept = fraction >>> dropped;
  const rest = fraction - kept * 2 ** dropped;
  const middle = 2 ** (dropped - 1);
  const isUp = rest > middle || (rest === middle && (kept & 1) === 1);
  return sign | Math.min(kept + Number(isUp), 0x7c00);
}
