import type { IdBuffer } from "./id-buffer.ts";
import { CODE_POINT_CLASSES, LETTER, NUMBER, SPACE } from "../unicode/classes.ts";

const KINDS = LETTER | NUMBER | SPACE;
const BLANK = 0x20;
const APOSTROPHE = 0x27;
const [D, E, L, M, R, S, T, V] = [0x64, 0x65, 0x6c, 0x6d, 0x72, 0x73, 0x74, 0x76] as const;

/**
 * Cuts valid UTF-8 as GPT-2 does, and writes the end of each piece:
 *
 *     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * One pass without a regular expression: JavaScript's `\s` is not White_Space and its `\p{L}`
 * depends on the engine. `\s+(?!\S)` gives the last space of a run to the word behind it.
 *
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.2
 */
export function splitGpt2(bytes: Uint8Array, length: number, ends: IdBuffer): void {
  let position = 0;
  while (position < length) {
    position = pieceEnd(bytes, position, length);
    ends.push(position);
  }
}

function pieceEnd(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start]!;
  if (first === APOSTROPHE) {
    const end = contractionEnd(bytes, start, length);
    if (end !== 0) return end;
  }
  const body = first === BLANK && start + 1 < length ? start + 1 : start;
  const kind = kindAt(bytes, body);
  return kind === SPACE ? spacesEnd(bytes, start, length) : runEnd(bytes, body, length);
}

/** The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`, or 0; lower case only. */
function contractionEnd(bytes: Uint8Array, start: number, length: number): number {
  const first = start + 1 < length ? bytes[start + 1]! : 0;
  if (first === S || first === T || first === M || first === D) return start + 2;
  const second = start + 2 < length ? bytes[start + 2]! : 0;
  const isLong = (second === E && (first === R || first === V)) || (first === L && second === L);
  return isLong ? start + 3 : 0;
}

/** The end of the run of characters of the kind of the one at `start`. */
function runEnd(bytes: Uint8Array, start: number, length: number): number {
  const kind = kindAt(bytes, start);
  let position = start + widthOf(bytes[start]!);
  while (position < length) {
    const lead = bytes[position]!;
    if (lead < 0x80) {
      if ((CODE_POINT_CLASSES[lead]! & KINDS) !== kind) break;
      position++;
    } else {
      if (kindAt(bytes, position) !== kind) break;
      position += widthOf(lead);
    }
  }
  return position;
}

/** The end of a run of spaces, less the last one if a word follows and it is not the only one. */
function spacesEnd(bytes: Uint8Array, start: number, length: number): number {
  let last = start;
  let position = start;
  while (position < length && kindAt(bytes, position) === SPACE) {
    last = position;
    position += widthOf(bytes[position]!);
  }
  return position < length && last > start ? last : position;
}

function kindAt(bytes: Uint8Array, position: number): number {
  const lead = bytes[position]!;
  return CODE_POINT_CLASSES[lead < 0x80 ? lead : codePointAt(bytes, position)]! & KINDS;
}

/** The code point beyond ASCII whose UTF-8 starts here. */
function codePointAt(bytes: Uint8Array, position: number): number {
  const lead = bytes[position]!;
  const second = bytes[position + 1]! & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = bytes[position + 2]! & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[position + 3]! & 0x3f);
}

/** How many bytes the character with this first byte takes. */
function widthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
