import { FormatError } from "orrery-lm/base";
import {
  type StoredDtype,
  type StoredTensor,
  toFloat32,
  toFloat64,
  toInt32,
} from "orrery-lm/formats";
import { describe, expect, it } from "vitest";

const stored = (dtype: StoredDtype, data: ArrayBufferView): StoredTensor => ({
  dtype,
  shape: [data.byteLength],
  // At an odd place in its memory, as in a file.
  bytes: async () => {
    const memory = new Uint8Array(data.byteLength + 1);
    memory.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 1);
    return memory.subarray(1);
  },
});

describe("numbers", () => {
  it.each<[StoredDtype, ArrayBufferView, number[]]>([
    // IEEE 754 binary16: 1, -2, the largest, the smallest, the smallest normal, infinities, -0.
    [
      "F16",
      Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x8000, 0x3555),
      [1, -2, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, -0, 0.333251953125],
    ],
    [
      "BF16",
      Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f80, 0x8000, 0x4049),
      [1, -2, 2 ** -133, Infinity, -0, 3.140625],
    ],
    ["F64", Float64Array.of(0.1, 1e-60, 1e300), [Math.fround(0.1), 0, Infinity]],
    ["F32", Float32Array.of(0.5, -0, Infinity), [0.5, -0, Infinity]],
  ])("%s as float32", async (dtype, data, want) => {
    expect([...(await toFloat32(stored(dtype, data)))]).toEqual(want);
  });

  it("F16 as float32 is the same in a large tensor and in small ones", async () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const large = await toFloat32(stored("F16", all));
    const small = await toFloat32(stored("F16", all.subarray(0, 0x7c01)));
    expect(large.subarray(0, 0x7c01)).toEqual(small);
    expect([large[0x3c00], large[0x7bff], large[0xfc00]]).toEqual([1, 65504, -Infinity]);
  });

  it.each<[StoredDtype, ArrayBufferView]>([
    ["F16", Uint16Array.of(0x7e00, 0x7c01)],
    ["BF16", Uint16Array.of(0x7fc0, 0xffc0)],
    ["F32", Float32Array.of(NaN, NaN)],
  ])("%s keeps NaN", async (dtype, data) => {
    expect([...(await toFloat32(stored(dtype, data)))]).toEqual([NaN, NaN]);
  });

  it.each<[StoredDtype, ArrayBufferView, number[]]>([
    ["I64", BigInt64Array.of(-1n, 2147483647n, -2147483648n), [-1, 2147483647, -2147483648]],
    ["U64", BigUint64Array.of(7n), [7]],
    ["I32", Int32Array.of(-5), [-5]],
    ["U32", Uint32Array.of(5), [5]],
    ["I16", Int16Array.of(-5), [-5]],
    ["U16", Uint16Array.of(65535), [65535]],
    ["I8", Int8Array.of(-5), [-5]],
    ["U8", Uint8Array.of(255), [255]],
    ["BOOL", Uint8Array.of(0, 1), [0, 1]],
  ])("%s as int32", async (dtype, data, want) => {
    expect([...(await toInt32(stored(dtype, data)))]).toEqual(want);
  });

  it.each<[StoredDtype, ArrayBufferView, string]>([
    ["I64", BigInt64Array.of(0n, 2147483648n), "element 1: 2147483648 does not fit"],
    ["I64", BigInt64Array.of(-2147483649n), "element 0: -2147483649 does not fit"],
    ["I64", BigInt64Array.of(9007199254740993n), "9007199254740993 does not fit"],
    ["U64", BigUint64Array.of(1n << 32n), "4294967296 does not fit"],
    ["U32", Uint32Array.of(2 ** 31), "2147483648 does not fit"],
    ["F32", Float32Array.of(1), "expected whole numbers, got F32"],
  ])("%s that is no int32 is refused", async (dtype, data, message) => {
    await expect(toInt32(stored(dtype, data))).rejects.toThrow(FormatError);
    await expect(toInt32(stored(dtype, data))).rejects.toThrow(message);
  });

  it("float32 and float64 take no other types", async () => {
    expect(await toFloat64(stored("F64", Float64Array.of(0.1)))).toEqual(Float64Array.of(0.1));
    await expect(toFloat64(stored("F32", Float32Array.of(1)))).rejects.toThrow(/expected F64/);
    await expect(toFloat32(stored("I32", Int32Array.of(1)))).rejects.toThrow(/got I32/);
    await expect(toFloat32(stored("F8_E4M3", Uint8Array.of(1)))).rejects.toThrow(/got F8_E4M3/);
  });
});
