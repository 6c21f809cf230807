import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { FormatError, ShapeError, bytesSource } from "orrery-lm/base";
import {
  type StoredDtype,
  type StoredTensor,
  type StoredTensors,
  type WritableTensor,
  readSafetensors,
  safetensorsChunks,
  toFloat32,
  toFloat64,
  toInt32,
  writeSafetensors,
} from "orrery-lm/formats";
import { describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";

/** A file with this header and so many bytes of data. */
function file(header: string, dataBytes = 0, headerBytes?: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes ?? json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const read = (bytes: Uint8Array): Promise<StoredTensors> => readSafetensors(bytesSource(bytes));

async function writeAgain({ metadata, tensors }: StoredTensors): Promise<Uint8Array> {
  const writable = new Map<string, WritableTensor>();
  for (const [name, tensor] of tensors) {
    // oxlint-disable-next-line no-await-in-loop
    const data = await tensor.bytes();
    writable.set(name, { dtype: tensor.dtype, shape: tensor.shape, data });
  }
  return writeSafetensors({ metadata, tensors: writable });
}

const checkpoints = sharedData("checkpoints");

describe.skipIf(checkpoints === undefined)(`files of the library (${NO_SHARED_DATA})`, () => {
  const files =
    checkpoints === undefined
      ? []
      : readdirSync(checkpoints, { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".safetensors"))
          .sort();

  it("are there", () => {
    expect(files.length).toBeGreaterThan(90);
  });

  it.each(files)("%s is written byte for byte as it was read", async (path) => {
    const bytes = new Uint8Array(readFileSync(join(checkpoints!, path)));
    const again = await writeAgain(await read(bytes));
    expect(Buffer.compare(again, bytes)).toBe(0);
  });
});

// The library's own test expects the first file; the order of types is that of its source.
describe("layout", () => {
  it("of one tensor", () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5);
    const tensors = new Map([["attn0", { dtype: "F32" as const, shape: [1, 1, 2, 3], data }]]);
    const header =
      '{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}' + " ".repeat(7);
    const expected = file(header, 24);
    expected.set(new Uint8Array(data.buffer), 8 + 72);
    expect(writeSafetensors({ metadata: {}, tensors })).toEqual(expected);
  });

  it("of nothing but metadata", () => {
    expect(writeSafetensors({ metadata: {}, tensors: new Map() })).toEqual(file("{}      "));
    expect(writeSafetensors({ metadata: { framework: "pt" }, tensors: new Map() })).toEqual(
      file('{"__metadata__":{"framework":"pt"}}     '),
    );
  });

  it("orders types from wide to narrow, then names by code point", async () => {
    const order: [string, StoredDtype, number][] = [
      ["m", "U64", 8],
      ["l", "I64", 8],
      ["k", "F64", 8],
      ["j", "F32", 4],
      ["i", "U32", 4],
      ["h", "I32", 4],
      ["g", "BF16", 2],
      ["f", "F16", 2],
      ["e", "U16", 2],
      ["d", "I16", 2],
      ["c", "F8_E4M3", 1],
      ["b", "F8_E5M2", 1],
      ["a", "I8", 1],
      ["10", "U8", 1],
      ["2", "U8", 1],
      ["Z", "U8", 1],
      ["__proto__", "U8", 1],
      ["a.b", "U8", 1],
      ["\ufb00", "U8", 1],
      ["😀", "U8", 1],
      ["0", "BOOL", 1],
    ];
    const tensors = new Map<string, WritableTensor>();
    for (const [name, dtype, size] of order.toReversed()) {
      tensors.set(name, { dtype, shape: [], data: new Uint8Array(size).fill(tensors.size) });
    }
    const bytes = writeSafetensors({ metadata: {}, tensors });
    const header = new TextDecoder().decode(bytes.subarray(8));
    const names = [...header.matchAll(/"([^"]+)":\{"dtype"/g)].map((match) => match[1]);
    expect(names).toEqual(order.map(([name]) => name));
    const stored = await read(bytes);
    expect(stored.tensors.size).toBe(order.length);
    for (const [name, { data }] of tensors) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await stored.tensors.get(name)!.bytes()).toEqual(data);
    }
  });

  it("in pieces, which share memory with the data", () => {
    const data = Float32Array.of(1, 2);
    const chunks = safetensorsChunks({
      metadata: {},
      tensors: new Map([["a", { dtype: "F32", shape: [2], data }]]),
    });
    expect(chunks.length).toBe(2);
    expect(chunks[1]!.buffer).toBe(data.buffer);
  });

  it("refuses data of another length, and a reserved name", () => {
    const one = (name: string, shape: number[]) => () =>
      writeSafetensors({
        metadata: {},
        tensors: new Map([[name, { dtype: "F32", shape, data: new Float32Array(6) }]]),
      });
    expect(one("a", [2, 2])).toThrow(ShapeError);
    expect(one("a", [2, 2])).toThrow("safetensors: tensor a: expected shape [2, 2], got [6]");
    expect(one("__metadata__", [6])).toThrow(FormatError);
  });
});

const tensor = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

// A file, what the error says, and the byte that it names.
const DAMAGED: [string, Uint8Array, RegExp, number][] = [
  ["nothing", new Uint8Array(0), /at least 8 bytes, got 0/, 0],
  ["seven bytes", new Uint8Array(7), /at least 8 bytes, got 7/, 0],
  ["a header past the end", file("{}", 0, 3), /header of 3 bytes, the file has 2/, 0],
  ["a header of 2^63 bytes", file("{}", 0, 2 ** 63), /at most 100000000 bytes/, 0],
  ["an empty header", file(""), /begins with {/, 8],
  ["a header cut short", file('{"a":'), /not JSON/, 8],
  ["a header that is not UTF-8", file("{}", 1, 3).fill(0xff, 10), /not JSON: .*not UTF-8/, 8],
  ["an array", file("[]"), /begins with {/, 8],
  ["null", file("null"), /begins with {/, 8],
  ["a byte order mark", file("\ufeff{}"), /begins with {/, 8],
  ["spaces first", file("  {}"), /begins with {/, 8],
  ["no tensor", file('{"a":null}'), /tensor a: expected a dtype/, 8],
  ["an unknown dtype", file(`{"a":${tensor("F4", "[2]", "[0,1]")}}`, 1), /got "F4"/, 8],
  ["a dtype of Object", file(`{"a":${tensor("toString", "[]", "[0,0]")}}`), /expected a dtype/, 8],
  ["a negative size", file(`{"a":${tensor("U8", "[-1,-1]", "[0,1]")}}`, 1), /whole numbers/, 8],
  ["a broken size", file(`{"a":${tensor("U8", "[0.5]", "[0,1]")}}`, 1), /whole numbers/, 8],
  ["three offsets", file(`{"a":${tensor("U8", "[1]", "[0,1,2]")}}`, 1), /whole numbers/, 8],
  ["no offsets", file('{"a":{"dtype":"U8","shape":[1]}}', 1), /whole numbers/, 8],
  [
    "another length than the shape's",
    file(`{"a":${tensor("F32", "[2]", "[0,4]")}}`, 4),
    /F32 \[2\] takes 8 bytes, data_offsets give 4/,
    8,
  ],
  [
    "a shape past all numbers",
    file(`{"a":${tensor("F32", "[4294967296,4294967296]", "[0,0]")}}`),
    /data_offsets give 0/,
    8,
  ],
  ["offsets turned round", file(`{"a":${tensor("U8", "[1]", "[1,0]")}}`, 1), /give -1/, 8],
  [
    "a gap at the beginning",
    file(`{"a":${tensor("U8", "[1]", "[1,2]")}}`, 2),
    /begin at 0, begins at 1/,
    8 + 53 + 1,
  ],
  [
    "an overlap",
    file(`{"a":${tensor("U8", "[2]", "[0,2]")},"b":${tensor("U8", "[2]", "[1,3]")}}`, 3),
    /tensor b: expected to begin at 2, begins at 1/,
    8 + 105 + 1,
  ],
  [
    "the end cut off",
    file(`{"a":${tensor("U8", "[4]", "[0,4]")}}`, 3),
    /promises 65 bytes, the file has 64: the file is cut short/,
    64,
  ],
  [
    "bytes at the end",
    file(`{"a":${tensor("U8", "[4]", "[0,4]")}}`, 5),
    /promises 65 bytes, the file has 66: bytes are left over/,
    65,
  ],
  [
    "a name twice",
    file(`{"é":${tensor("U8", "[0]", "[0,0]")},"é":${tensor("U8", "[0]", "[0,0]")}}`),
    /"é" stands twice/,
    8 + 54,
  ],
  ["metadata that is no text", file('{"__metadata__":{"a":1}}'), /object of strings/, 8],
  ["metadata that is a list", file('{"__metadata__":["a"]}'), /object of strings/, 8],
];

it.each(DAMAGED)("refuses %s", async (_, bytes, message, offset) => {
  const error: unknown = await read(bytes).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toMatch(message);
  expect((error as FormatError).offset).toBe(offset);
});

it("refuses every file that is cut short or has one byte more", async () => {
  const data = Float32Array.of(1, 2, 3);
  const tensors = new Map([["weight", { dtype: "F32" as const, shape: [3], data }]]);
  const whole = writeSafetensors({ metadata: { format: "pt" }, tensors });
  for (let length = 0; length < whole.length; length++) {
    // oxlint-disable-next-line no-await-in-loop
    await expect(read(whole.slice(0, length))).rejects.toThrow(FormatError);
  }
  const longer = new Uint8Array(whole.length + 1);
  longer.set(whole);
  await expect(read(longer)).rejects.toThrow(FormatError);
});

it("never fails otherwise, whatever byte is broken", async () => {
  const data = Float32Array.of(1, 2, 3);
  const tensors = new Map([["weight", { dtype: "F32" as const, shape: [3], data }]]);
  const whole = writeSafetensors({ metadata: { format: "pt" }, tensors });
  const breaking = fc.asyncProperty(
    fc.nat(whole.length - 1),
    fc.integer({ min: 0, max: 255 }),
    async (at, byte) => {
      const broken = whole.slice();
      broken[at] = byte;
      const result = await read(broken).catch((error: unknown) => error);
      return result instanceof FormatError || (result as StoredTensors).tensors instanceof Map;
    },
  );
  const report = await fc.check(breaking, { seed: 1, numRuns: 3000 });
  expect(report.counterexample).toBeNull();
});

it("reads only the header until a tensor is asked for", async () => {
  const bytes = file(`{"a":${tensor("U8", "[4]", "[0,4]")}}`, 4);
  const asked: [number, number][] = [];
  const inner = bytesSource(bytes);
  const { tensors } = await readSafetensors({
    size: inner.size,
    slice: (start, end) => {
      asked.push([start, end]);
      return inner.slice(start, end);
    },
  });
  expect(asked).toEqual([
    [0, 8],
    [8, 61],
  ]);
  await tensors.get("a")!.bytes();
  expect(asked.at(-1)).toEqual([61, 65]);
});

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
