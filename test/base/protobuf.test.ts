import { ProtobufWriter } from "orrery-lm/base";
import { describe, expect, it } from "vitest";

const hex = (message: ProtobufWriter): string => Buffer.from(message.finish()).toString("hex");

// The first three are the examples of https://protobuf.dev/programming-guides/encoding.
it.each<[string, ProtobufWriter, string]>([
  ["150 in field 1", new ProtobufWriter().integer(1, 150), "089601"],
  ['"testing" in field 2', new ProtobufWriter().string(2, "testing"), "120774657374696e67"],
  [
    "a message with 150 in field 3",
    new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150)),
    "1a03089601",
  ],
  ["nothing", new ProtobufWriter(), ""],
  ["zero, which is written", new ProtobufWriter().integer(1, 0), "0800"],
  ["the largest of one byte", new ProtobufWriter().integer(1, 127), "087f"],
  ["the smallest of two bytes", new ProtobufWriter().integer(1, 128), "088001"],
  ["-1 as ten bytes", new ProtobufWriter().integer(1, -1), "08ffffffffffffffffff01"],
  ["-2 as ten bytes", new ProtobufWriter().integer(1, -2), "08feffffffffffffffff01"],
  ["2^53 - 1", new ProtobufWriter().integer(1, Number.MAX_SAFE_INTEGER), "08ffffffffffffff0f"],
  ["the largest int64", new ProtobufWriter().integer(1, 2n ** 63n - 1n), "08ffffffffffffffff7f"],
  ["the largest uint64", new ProtobufWriter().integer(1, 2n ** 64n - 1n), "08ffffffffffffffffff01"],
  ["a field number of two bytes", new ProtobufWriter().integer(16, 1), "800101"],
  ["the largest field number", new ProtobufWriter().integer(2 ** 29 - 1, 1), "f8ffffff0f01"],
  ["a float, little-endian", new ProtobufWriter().float(2, 1), "150000803f"],
  ["a negative zero", new ProtobufWriter().float(2, -0), "1500000080"],
  ["text beyond ASCII", new ProtobufWriter().string(1, "é€"), "0a05c3a9e282ac"],
  ["empty text", new ProtobufWriter().string(1, ""), "0a00"],
  ["bytes", new ProtobufWriter().bytes(1, Uint8Array.of(0, 255)), "0a0200ff"],
  ["an empty message", new ProtobufWriter().message(1, new ProtobufWriter()), "0a00"],
  [
    "fields in the order of the calls",
    new ProtobufWriter().integer(2, 1).integer(1, 2).integer(2, 3),
    "100108021003",
  ],
])("writes %s", (_, message, bytes) => {
  expect(hex(message)).toBe(bytes);
  expect(message.length).toBe(bytes.length / 2);
});

describe("a nested message", () => {
  it("has its length before it, over 127 too", () => {
    const inner = new ProtobufWriter().bytes(1, new Uint8Array(200));
    expect(inner.length).toBe(203);
    const outer = new ProtobufWriter().message(1, inner).finish();
    expect([...outer.subarray(0, 6)]).toEqual([0x0a, 0xcb, 0x01, 0x0a, 0xc8, 0x01]);
    expect(outer.length).toBe(206);
  });

  it("keeps what it was, whatever is added to it later", () => {
    const inner = new ProtobufWriter().integer(1, 1);
    const outer = new ProtobufWriter().message(1, inner);
    inner.integer(1, 2);
    expect(hex(outer)).toBe("0a020801");
  });
});
