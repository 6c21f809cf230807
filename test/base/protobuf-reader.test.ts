import fc from "fast-check";
import { FormatError, ProtobufReader, ProtobufWriter } from "orrery-lm/base";
import { expect, it, test } from "vitest";

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

/** The only field of a message. */
function only(hex: string): ProtobufReader {
  const message = new ProtobufReader(fromHex(hex), "test");
  expect(message.next()).toBe(true);
  return message;
}

it.each<[string, string, (message: ProtobufReader) => unknown, unknown]>([
  ["150", "089601", (m) => m.int32(), 150],
  ["-1 of ten bytes", "08ffffffffffffffffff01", (m) => m.int32(), -1],
  ["a number that is spelled too long", "08818000", (m) => m.int32(), 1],
  ["false that is spelled too long", "08808000", (m) => m.bool(), false],
  ["a true above 32 bits", "0880808080808001", (m) => m.bool(), true],
  ["a float", "150000803f", (m) => m.float(), 1],
  ["text beyond ASCII", "0a05c3a9e282ac", (m) => m.string(), "é€"],
  ["text that starts with U+FEFF", "0a04efbbbf61", (m) => m.string(), "\ufeffa"],
  ["bytes", "0a0200ff", (m) => m.bytes(), Uint8Array.of(0, 255)],
  ["a field number of two bytes", "800101", (m) => [m.field, m.int32()], [16, 1]],
])("reads %s", (_, hex, read, value) => {
  expect(read(only(hex))).toEqual(value);
});

it.each<[string, string, (message: ProtobufReader) => unknown, readonly [string, number]]>([
  ["a varint without an end", "0896", (m) => m.next(), ["expected a varint, got the end", 0]],
  ["a tag without an end", "80", (m) => m.next(), ["got the end", 0]],
  ["a varint of eleven bytes", `08${"80".repeat(10)}01`, (m) => m.next(), ["at most 10 bytes", 0]],
  ["field 0", "0001", (m) => m.next(), ["expected a field number from 1", 0]],
  ["a length beyond the end", "0a0561", (m) => m.next(), ["expected 5 more bytes, got 1", 0]],
  ["a length of 2^32 - 1", "0affffffff0f", (m) => m.next(), ["4294967295 more bytes", 0]],
  ["a length above 32 bits", "0a808080801061", (m) => m.next(), ["length", 0]],
  ["four bytes that are three", "15000080", (m) => m.next(), ["expected 4 more bytes, got 3", 0]],
  ["eight bytes that are none", "11", (m) => m.next(), ["expected 8 more bytes, got 0", 0]],
  ["a group", "0b0c", (m) => m.next(), ["got wire type 3", 0]],
  ["the end of a group", "0c", (m) => m.next(), ["got wire type 4", 0]],
  ["wire type 7", "0f", (m) => m.next(), ["got wire type 7", 0]],
  [
    "text as a number",
    "0a0161",
    (m) => [m.next(), m.int32()],
    ["expected a varint, got a length", 0],
  ],
  ["a number as text", "0801", (m) => [m.next(), m.string()], ["expected a length and bytes", 0]],
  ["text as a float", "0a0161", (m) => [m.next(), m.float()], ["expected 4 bytes", 0]],
  ["text that is not UTF-8", "0a0261ff", (m) => [m.next(), m.string()], ["not UTF-8", 3]],
  [
    "a broken message in a message",
    "08010a020a05",
    (m) => [m.next(), m.next(), m.message().next()],
    ["expected 5 more bytes", 4],
  ],
])("refuses %s", (_, hex, read, [message, offset]) => {
  const act = (): unknown => read(new ProtobufReader(fromHex(hex), "test"));
  expect(act).toThrow(FormatError);
  expect(act).toThrow(message);
  expect(act).toThrow(`(byte ${offset})`);
});

test("reads what the writer writes", () => {
  const field = fc.integer({ min: 1, max: 2 ** 29 - 1 });
  fc.assert(
    fc.property(field, fc.integer(), fc.string({ unit: "grapheme" }), (number, value, text) => {
      const inner = new ProtobufWriter().integer(number, value).string(number, text);
      const bytes = new ProtobufWriter().message(1, inner).finish();
      const outer = new ProtobufReader(bytes, "test");
      expect(outer.next()).toBe(true);
      const message = outer.message();
      message.next();
      expect([message.field, message.int32()]).toEqual([number, value]);
      message.next();
      expect(message.string()).toBe(text);
      expect([message.next(), outer.next()]).toEqual([false, false]);
    }),
    { seed: 1 },
  );
});
