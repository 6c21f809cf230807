import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { FormatError, ShapeError, bytesSource } from "orrery-lm/base";
import {
  type StoredDtype,
  type StoredTensors,
  type WritableTensor,
  readSafetensors,
  safetensorsChunks,
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

it("gives back what was written, whatever the names, types and shapes", async () => {
  const dtypeBytes = { F64: 8, I64: 8, F32: 4, U32: 4, F16: 2, BF16: 2, I8: 1, BOOL: 1 } as const;
  const written = fc.record({
    dtype: fc.constantFrom(...(Object.keys(dtypeBytes) as (keyof typeof dtypeBytes)[])),
    shape: fc.array(fc.nat(4), { maxLength: 3 }), // scalars and empty tensors too
    fill: fc.nat(255),
  });
  const name = fc
    .string({ unit: "grapheme", maxLength: 8 })
    .filter((text) => text !== "__metadata__");
  const metadatas = fc.dictionary(name, fc.string({ unit: "grapheme" }), { noNullPrototype: true });
  const roundTrip = fc.asyncProperty(
    fc.uniqueArray(fc.tuple(name, written), { selector: ([key]) => key, maxLength: 5 }),
    metadatas,
    async (list, metadata) => {
      const tensors = new Map<string, WritableTensor>();
      for (const [key, { dtype, shape, fill }] of list) {
        const length = shape.reduce((a, b) => a * b, dtypeBytes[dtype]);
        const data = Uint8Array.from({ length }, (_, i) => fill + i);
        tensors.set(key, { dtype, shape, data });
      }
      const bytes = writeSafetensors({ metadata, tensors });
      const stored = await read(bytes);
      expect(stored.metadata).toEqual(metadata);
      expect([...stored.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
      for (const [key, { dtype, shape, data }] of tensors) {
        const found = stored.tensors.get(key)!;
        // oxlint-disable-next-line no-await-in-loop
        expect([found.dtype, found.shape, await found.bytes()]).toEqual([dtype, shape, data]);
      }
      expect(await writeAgain(stored)).toEqual(bytes);
    },
  );
  await fc.assert(roundTrip, { seed: 1, numRuns: 300 });
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
