/**
 * Rank files of tiktoken: a token a line, its bytes in Base64, a blank, its rank. What cuts the text
 * into pieces, and the special tokens, are not in the file.
 *
 * @see https://github.com/openai/tiktoken, load.py
 */

import { FormatError } from "orrery-lm/base";
import { decodeBase64Into } from "./base64.ts";
import type { TiktokenJson } from "./tokenizer-json/models.ts";

/** The name of the format in errors. */
export const TIKTOKEN_RANKS: string = "tiktoken ranks";

const [LINE_FEED, CARRIAGE_RETURN, BLANK, ZERO, PADDING] = [0x0a, 0x0d, 0x20, 0x30, 0x3d];
// Longer numbers would not be exact; no vocabulary needs them.
const MAX_DIGITS = 8;
// Real files have a gap or two. A rank far beyond the number of tokens would only take memory.
const MOST_GAPS = 1 << 16;

/**
 * Reads a rank file. Empty lines are skipped; "=" is a token of no bytes, as in Whisper's file, and
 * the same as a rank that is left out.
 * @throws {FormatError} if a line is not canonical Base64, a blank and a number, a rank stands twice,
 * or one is far beyond the number of tokens; with the byte where the line starts.
 */
export function parseTiktokenRanks(bytes: Uint8Array): TiktokenJson {
  const decoded = new Uint8Array(Math.ceil(bytes.length / 4) * 3);
  const lines: Lines = { starts: [], ranks: [], ends: [] };
  let room = 0;
  for (let start = 0; start < bytes.length;) {
    const next = bytes.indexOf(LINE_FEED, start);
    const feed = next < 0 ? bytes.length : next;
    const end = feed > start && bytes[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
    if (end > start) {
      const blank = blankIn(bytes, start, end);
      const rank = readDigits(bytes, blank + 1, end);
      const isEmpty = blank === start + 1 && bytes[start] === PADDING;
      const to = isEmpty ? room : decodeBase64Into(bytes, { start, end: blank }, decoded, room);
      if (rank < 0 || to < room || blank === start) refuse(bytes.subarray(start, end), start);
      lines.starts.push(start);
      lines.ranks.push(rank);
      lines.ends.push(to);
      room = to;
    }
    start = feed + 1;
  }
  return byRank(lines, decoded.subarray(0, room));
}

/** By line that is not empty. */
interface Lines {
  /** Where they start in the file. */
  readonly starts: number[];
  readonly ranks: number[];
  /** Where the bytes of their tokens end. */
  readonly ends: number[];
}

/** The place of the first blank in `bytes[start, end)`, or the end. */
function blankIn(bytes: Uint8Array, start: number, end: number): number {
  let place = start;
  while (place < end && bytes[place] !== BLANK) place++;
  return place;
}

/** The number that `bytes[start, end)` spells, or -1. */
function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > MAX_DIGITS) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}

function byRank({ starts, ranks, ends }: Lines, decoded: Uint8Array): TiktokenJson {
  const lineOf = new Int32Array(2 * ranks.length + MOST_GAPS).fill(-1);
  let size = 0;
  for (let line = 0; line < ranks.length; line++) {
    const rank = ranks[line]!;
    const offset = starts[line]!;
    if (rank >= lineOf.length) {
      const message = `rank ${rank} is far beyond the ${ranks.length} tokens of the file`;
      throw new FormatError(TIKTOKEN_RANKS, message, { offset });
    }
    if (lineOf[rank] !== -1) {
      throw new FormatError(TIKTOKEN_RANKS, `rank ${rank} stands twice`, { offset });
    }
    lineOf[rank] = line;
    size = Math.max(size, rank + 1);
  }
  const bytes = new Uint8Array(decoded.length);
  const endsByRank = new Uint32Array(size);
  let room = 0;
  for (let rank = 0; rank < size; rank++) {
    const line = lineOf[rank]!;
    const from = line < 1 ? 0 : ends[line - 1]!;
    const to = line < 0 ? 0 : ends[line]!;
    for (let i = from; i < to; i++) bytes[room++] = decoded[i]!;
    endsByRank[rank] = room;
  }
  return { type: "tiktoken", bytes, ends: endsByRank };
}

function refuse(line: Uint8Array, offset: number): never {
  const text = new TextDecoder().decode(line.subarray(0, 60));
  const message = `expected a token in Base64, a blank and a rank, got ${JSON.stringify(text)}`;
  throw new FormatError(TIKTOKEN_RANKS, message, { offset });
}
