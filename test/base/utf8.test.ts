import fc from "fast-check";
import { FormatError, decodeUtf8, firstInvalidByte } from "orrery-lm/base";
import { describe, expect, it } from "vitest";

const encode = (text: string): number[] => [...new TextEncoder().encode(text)];

// Bytes, the offset of the first bad sequence, and what replacing gives.
const INVALID: [string, number[], number, string][] = [
  ["a lone continuation", [0x41, 0x80], 1, "A\ufffd"],
  ["a byte that is never used", [0x41, 0x42, 0xff], 2, "AB\ufffd"],
  ["an overlong slash", [0xc0, 0xaf], 0, "\ufffd\ufffd"],
  ["an overlong NUL in three bytes", [0xe0, 0x80, 0x80], 0, "\ufffd\ufffd\ufffd"],
  ["a surrogate", [0x41, 0xed, 0xa0, 0x80], 1, "A\ufffd\ufffd\ufffd"],
  ["past U+10FFFF", [0xf4, 0x90, 0x80, 0x80], 0, "\ufffd\ufffd\ufffd\ufffd"],
  ["a lead byte past all", [0xf5, 0x80], 0, "\ufffd\ufffd"],
  ["a character cut by the end", [0x41, 0xe4, 0xb8], 1, "A\ufffd"],
  ["a character cut by another", [0xe4, 0xb8, 0x41], 0, "\ufffdA"],
  ["four bytes cut after three", [0xf0, 0x9f, 0x98], 0, "\ufffd"],
  ["after Chinese and an emoji", [...encode("中文😀"), 0x9f], 10, "中文😀\ufffd"],
];

describe.each(INVALID)("%s", (_, bytes, offset, replaced) => {
  it("is refused with its offset", () => {
    const decode = () => decodeUtf8(Uint8Array.from(bytes), { name: "corpus.txt" });
    expect(decode).toThrow(FormatError);
    expect(decode).toThrow(
      new RegExp(`^corpus\\.txt: not UTF-8.*--lossy.*U\\+FFFD \\(byte ${offset}\\)$`),
    );
    expect(firstInvalidByte(Uint8Array.from(bytes))).toBe(offset);
  });

  it("is replaced on request", () => {
    expect(decodeUtf8(Uint8Array.from(bytes), { lossy: true })).toBe(replaced);
  });
});

it.each([
  ["", ""],
  ["a\0b", "a\0b"],
  ["\ufeffa", "a"],
  ["\ufeff\ufeffa", "\ufeffa"],
  ["a\ufeff", "a\ufeff"],
  ["\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}", undefined],
])("decodes %j", (text, want) => {
  const bytes = Uint8Array.from(encode(text));
  expect(decodeUtf8(bytes)).toBe(want ?? text);
  expect(firstInvalidByte(bytes)).toBeUndefined();
});

it("recognizes UTF-16 by its mark", () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0x41, 0x00);
  expect(() => decodeUtf8(bytes)).toThrow(/looks like UTF-16/);
});

it("finds the offset at the end of megabytes", () => {
  const bytes = new Uint8Array(20_000_001).fill(0x61);
  bytes[20_000_000] = 0xff;
  expect(() => decodeUtf8(bytes)).toThrow(/byte 20000000/);
});

it("agrees with the engine on what is UTF-8", () => {
  // Bytes at the borders of every rule, so that random strings of them meet the rules.
  const borders = [
    0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
    0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
  ];
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const isValid = (bytes: Uint8Array): boolean => {
    try {
      decoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...borders), { maxLength: 6 }), (list) => {
      const bytes = Uint8Array.from(list);
      expect(firstInvalidByte(bytes) === undefined).toBe(isValid(bytes));
    }),
    { seed: 1, numRuns: 20_000 },
  );
});
