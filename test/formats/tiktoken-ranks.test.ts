import { FormatError } from "orrery-lm/base";
import { isTiktokenRanks, parseTiktokenRanks, serializeTiktokenRanks } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("parseTiktokenRanks", () => {
  test.each<[name: string, file: string, bytes: number[], ends: number[]]>([
    ["one to three bytes", "YQ== 0\nYWI= 1\nYWJj 2\n", [97, 97, 98, 97, 98, 99], [1, 3, 6]],
    ["no line feed at the end", "YQ== 0\nYg== 1", [97, 98], [1, 2]],
    ["empty lines and carriage returns", "\nYQ== 0\r\n\r\nYg== 1\r\n", [97, 98], [1, 2]],
    ["ranks in another order", "Yg== 1\nYWI= 0\n", [97, 98, 98], [2, 3]],
    ["a gap", "YQ== 0\nYg== 3\n", [97, 98], [1, 1, 1, 2]],
    ["a token of no bytes, as in Whisper's file", "YQ== 0\n= 1\nYg== 2\n", [97, 98], [1, 1, 2]],
    ["all bits", "+/+/ 0\n", [0xfb, 0xff, 0xbf], [3]],
    ["nothing", "", [], []],
  ])("reads %s", (_name, file, bytes, ends) => {
    const ranks = parseTiktokenRanks(encode(file));
    expect([...ranks.bytes]).toEqual(bytes);
    expect([...ranks.ends]).toEqual(ends);
    const again = parseTiktokenRanks(serializeTiktokenRanks(ranks));
    expect(again).toEqual(ranks);
  });

  test.each<[name: string, file: string, message: string, offset: number]>([
    ["no rank", "YQ== 0\nYg==\n", `got "Yg=="`, 7],
    ["no token", " 0\n", `got " 0"`, 0],
    ["a rank that is no number", "YQ== x\n", "Base64, a blank and a rank", 0],
    ["a negative rank", "YQ== -1\n", "Base64, a blank and a rank", 0],
    ["two ranks", "YQ== 0 1\n", "Base64, a blank and a rank", 0],
    ["a rank beyond all numbers", `YQ== ${"9".repeat(400)}\n`, "Base64, a blank and a rank", 0],
    ["a rank that would only take memory", "YQ== 99999999\n", "far beyond the 1 tokens", 0],
    ["a rank twice", "YQ== 0\nYg== 0\n", "rank 0 stands twice", 7],
    ["characters outside Base64", "Y!== 0\n", "Base64, a blank and a rank", 0],
    ["Base64 without padding", "YQ 0\n", "Base64, a blank and a rank", 0],
    ["unused bits", "YR== 0\n", "Base64, a blank and a rank", 0],
    ["unused bits of two bytes", "YWJ= 0\n", "Base64, a blank and a rank", 0],
    ["padding inside", "YQ==YQ== 0\n", "Base64, a blank and a rank", 0],
    ["padding alone", "==== 0\n", "Base64, a blank and a rank", 0],
    ["a page of the web", "<!DOCTYPE html>\n<p>", `got "<!DOCTYPE html>"`, 0],
    ["a megabyte without a line feed", "Y".repeat(1 << 20), "Base64, a blank and a rank", 0],
  ])("refuses %s", (_name, file, message, offset) => {
    const parse = (): unknown => parseTiktokenRanks(encode(file));
    expect(parse).toThrow(FormatError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ offset }));
  });
});

test.each([
  ["YQ== 0\nYg== 1\n", true],
  ["YQ== 0", true],
  ["YQ== 0\r\n", true],
  [`${"YWJj".repeat(40)} 7\nYg== 1\n`, true],
  ["[PAD]\n[UNK]\n", false],
  ["{}", false],
  ["", false],
])("isTiktokenRanks(%j) is %s", (text, expected) => {
  expect(isTiktokenRanks(encode(text))).toBe(expected);
});
