/**
 * Rank files of tiktoken: a token a line, its bytes in Base64, a blank, its rank. What cuts the text
 * into pieces, and the special tokens, are not in the file.
 *
 * @see https://github.com/openai/tiktoken, load.py
 */

import { FormatError } from "orrery-lm/base";
import { decodeBase64Into, encodeBase64 } from "./base64.ts";
import type { TiktokenJson } from "./tokenizer-json/models.ts";

/** The name of the format in errors. */
export const TIKTOKEN_RANKS: string = "tiktoken ranks";

const [LINE_FEED, CARRIAGE_RETURN, BLANK, ZERO] = [0x0a, 0x0d, 0x20, 0x30];
// Longer numbers would not be exact; no vocabulary needs them.
const MAX_DIGITS = 8;
// Real files have a gap or two. A rank far beyond the number of tokens would only take memory.
const MOST_GAPS = 1 << 16;

/** True if the first line is that of a rank file. */
export function isTiktokenRanks(bytes: Uint8Array): boolean {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  return /^[A-Za-z0-9+/]+={0,2} [0-9]+\r?(\n|$)/.test(head);
}

/**
 * Reads a rank file. Empty lines are skipped.
 * @throws {FormatError} if a line is not canonical Base64, a blank and a number, a rank stands twice,
 * or one is far beyond the number of tokens; with the byte where the line starts.
 */
export function parseTiktokenRanks(bytes: Uint8Array): TiktokenJson {
  const decoded = new Uint8Array(Math.ceil(bytes.length / 4) * 3);
  const lines: { start: number; rank: number; token: Uint8Array }[] = [];
  let room = 0;
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const next = feed < 0 ? bytes.length : feed + 1;
    let end = feed < 0 ? next : feed;
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end > start) {
      const blank = bytes.subarray(start, end).indexOf(BLANK) + start;
      const rank = blank < start ? -1 : readDigits(bytes, blank + 1, end);
      const to =
        blank <= start ? -1 : decodeBase64Into(bytes, { start, end: blank }, decoded, room);
      if (rank < 0 || to < 0) refuse(bytes.subarray(start, end), start);
      lines.push({ start, rank, token: decoded.subarray(room, to) });
      room = to;
    }
    start = next;
  }
  return { type: "tiktoken", ranks: byRank(lines) };
}

/** Writes a rank file, the lowest rank first. */
export function serializeTiktokenRanks({ ranks }: TiktokenJson): Uint8Array {
  let text = "";
  for (const [rank, bytes] of ranks.entries()) {
    if (bytes !== undefined) text += `${encodeBase64(bytes)} ${rank}\n`;
  }
  return new TextEncoder().encode(text);
}

/** The number that `bytes[start, end)` spells, or -1. */
function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (start === end || end - start > MAX_DIGITS) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}

function byRank(
  lines: readonly { readonly start: number; readonly rank: number; readonly token: Uint8Array }[],
): (Uint8Array | undefined)[] {
  let size = 0;
  for (const { rank, start: offset } of lines) {
    if (rank >= 2 * lines.length + MOST_GAPS) {
      const message = `rank ${rank} is far beyond the ${lines.length} tokens of the file`;
      throw new FormatError(TIKTOKEN_RANKS, message, { offset });
    }
    size = Math.max(size, rank + 1);
  }
  const ranks = Array.from<Uint8Array | undefined>({ length: size });
  for (const { rank, start: offset, token } of lines) {
    if (ranks[rank] !== undefined) {
      throw new FormatError(TIKTOKEN_RANKS, `rank ${rank} stands twice`, { offset });
    }
    ranks[rank] = token;
  }
  return ranks;
}

function refuse(line: Uint8Array, offset: number): never {
  const text = new TextDecoder().decode(line.subarray(0, 60));
  const message = `expected a token in Base64, a blank and a rank, got ${JSON.stringify(text)}`;
  throw new FormatError(TIKTOKEN_RANKS, message, { offset });
}
