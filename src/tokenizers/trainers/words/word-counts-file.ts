/**
 * A file of counted words, so that the first half of a training can be done apart, in parts, and by
 * others:
 *
 *     "orrery words 1\n"
 *     varint length, JSON { preparation, dropped, leftOut }
 *     varint words, then for each, in the order of their bytes:
 *         varint bytes shared with the word before, varint further bytes, those, varint count
 *
 * A varint has seven bits a byte, the lowest first; all bytes but the last have the eighth bit set.
 */

import { FormatError } from "orrery-lm/base";
import {
  type DroppedWords,
  WordCounts,
  type WordCountsOptions,
  compareBytes,
} from "./word-counts.ts";

const FORMAT = "word counts";
const MAGIC = "orrery words 1\n";
// Sharing shrinks real dictionaries to a third. A file must not unfold to what no memory holds.
const MAX_UNFOLDED = 2 ** 26;
const MAX_UNFOLDING = 32;

/** Writes counted words. The same counts give the same bytes, whatever the order of the texts was. */
export function serializeWordCounts(words: WordCounts): Uint8Array {
  const out = new ByteWriter();
  out.bytes(new TextEncoder().encode(MAGIC));
  const { preparation, dropped } = words;
  const reasons = Object.entries(words.leftOut).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const leftOut = Object.fromEntries(reasons);
  const header = new TextEncoder().encode(JSON.stringify({ preparation, dropped, leftOut }));
  out.varint(header.length);
  out.bytes(header);
  out.varint(words.size);
  let before = new Uint8Array();
  for (const word of words.canonicalOrder()) {
    const bytes = words.bytesOf(word);
    const shared = sharedLength(before, bytes);
    out.varint(shared);
    out.varint(bytes.length - shared);
    out.bytes(bytes.subarray(shared));
    out.varint(words.countOf(word));
    before = bytes as Uint8Array<ArrayBuffer>;
  }
  return out.written();
}

/**
 * Reads counted words.
 * @throws {FormatError} if the bytes are something else, end early, unfold to far more than they are,
 * or words are not in order.
 */
export function parseWordCounts(
  bytes: Uint8Array,
  options: Omit<WordCountsOptions, "preparation"> = {},
): WordCounts {
  const input = new ByteReader(bytes);
  if (new TextDecoder().decode(input.bytes(Math.min(MAGIC.length, bytes.length))) !== MAGIC) {
    throw new FormatError(FORMAT, `expected ${JSON.stringify(MAGIC)} at the start`, { offset: 0 });
  }
  const { preparation, dropped, leftOut } = readHeader(input);
  const words = new WordCounts({ ...options, preparation }, false);
  words.noteDropped(dropped);
  for (const [reason, count] of leftOut) words.noteLeftOut(reason, count);
  const size = input.varint();
  const room = Math.max(MAX_UNFOLDED, MAX_UNFOLDING * bytes.length);
  let unfolded = 0;
  let before = new Uint8Array();
  for (let i = 0; i < size; i++) {
    const start = input.offset;
    const shared = input.varint();
    if (shared > before.length) input.fail("a word shares more than the word before has", start);
    const rest = input.bytes(input.varint());
    unfolded += shared + rest.length;
    if (unfolded > room) input.fail(`words of more than ${room} bytes in all`, start);
    const word = new Uint8Array(shared + rest.length);
    word.set(before.subarray(0, shared));
    word.set(rest, shared);
    if (compareBytes(before, word) >= 0)
      input.fail("words are not in the order of their bytes", start);
    const count = input.varint();
    if (count === 0) input.fail("a word that does not occur", start);
    words.add(word, count);
    before = word;
  }
  if (input.offset < bytes.length) input.fail("bytes behind the last word", input.offset);
  return words;
}

interface Header {
  readonly preparation: string;
  readonly dropped: DroppedWords;
  readonly leftOut: readonly (readonly [reason: string, count: number])[];
}

function readHeader(input: ByteReader): Header {
  const start = input.offset;
  const text = new TextDecoder().decode(input.bytes(input.varint()));
  const { preparation, dropped, leftOut } = parseObject(text);
  const { words, occurrences, threshold } = (dropped ?? {}) as Record<string, unknown>;
  const left = Object.entries(leftOut ?? {});
  const counts = [words, occurrences, threshold, ...left.map(([, count]) => count)];
  const areCounts = counts.every((count) => Number.isSafeInteger(count));
  if (typeof preparation !== "string" || !areCounts) {
    return input.fail("expected a header with preparation and dropped words", start);
  }
  return { preparation, dropped: dropped as DroppedWords, leftOut: left as [string, number][] };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < length && a[shared] === b[shared]) shared++;
  return shared;
}

class ByteWriter {
  #data = new Uint8Array(1 << 16);
  #length = 0;

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#data.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.#data[this.#length++] = (rest % 0x80) | 0x80;
    }
    this.#data[this.#length++] = rest;
  }

  written(): Uint8Array {
    return this.#data.slice(0, this.#length);
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#data.length) return;
    const data = new Uint8Array(Math.max(2 * this.#data.length, this.#length + room));
    data.set(this.#data.subarray(0, this.#length));
    this.#data = data;
  }
}

class ByteReader {
  offset = 0;
  readonly #data: Uint8Array;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** The next bytes: a view. */
  bytes(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.#data.length) this.fail("the file ends early", this.#data.length);
    const bytes = this.#data.subarray(this.offset, end);
    this.offset = end;
    return bytes;
  }

  varint(): number {
    const start = this.offset;
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#data[this.offset++];
      if (byte === undefined) return this.fail("the file ends early", this.#data.length);
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) this.fail("a number beyond 2^53 - 1", start);
      if (byte < 0x80) return value;
    }
  }

  fail(message: string, offset: number): never {
    throw new FormatError(FORMAT, message, { offset });
  }
}
