import { CODE_POINT_CLASSES, NUMBER, SPACE } from "../unicode/classes.ts";
import { codePointAt, widthOf } from "../collections/utf8.ts";

const [NEWLINE, RETURN] = [0x0a, 0x0d] as const;

/** The classes of the character that starts here, as flags: `LETTER`, `NUMBER`, … */
export function classAt(bytes: Uint8Array, position: number): number {
  const lead = bytes[position]!;
  return CODE_POINT_CLASSES[lead < 0x80 ? lead : codePointAt(bytes, position)]!;
}

/** True for what `[\r\n]` matches. */
export function isLineEnd(byte: number): boolean {
  return byte === NEWLINE || byte === RETURN;
}

/** The end of the run of characters from `start` on that have any of these classes. */
export function runOf(bytes: Uint8Array, start: number, length: number, classes: number): number {
  let position = start;
  while (position < length) {
    const lead = bytes[position]!;
    if (lead < 0x80) {
      if ((CODE_POINT_CLASSES[lead]! & classes) === 0) break;
      position++;
    } else {
      if ((CODE_POINT_CLASSES[codePointAt(bytes, position)]! & classes) === 0) break;
      position += widthOf(lead);
    }
  }
  return position;
}

/** The end of the run of characters from `start` on that have none of these classes. */
export function runWithout(
  bytes: Uint8Array,
  start: number,
  length: number,
  classes: number,
): number {
  let position = start;
  while (position < length && (classAt(bytes, position) & classes) === 0) {
    position += widthOf(bytes[position]!);
  }
  return position;
}

/** The end of `\p{N}{1,most}`, which must match at `start`. */
export function numbersEnd(bytes: Uint8Array, start: number, length: number, most: number): number {
  let position = start;
  for (let i = 0; i < most && position < length; i++) {
    if ((classAt(bytes, position) & NUMBER) === 0) break;
    position += widthOf(bytes[position]!);
  }
  return position;
}

/**
 * The end of `\s+(?!\S)|\s+`, which must match at `start`: a run of spaces, less the last one if a
 * word follows and it is not the only one.
 */
export function spacesEnd(bytes: Uint8Array, start: number, length: number): number {
  let last = start;
  let position = start;
  while (position < length && (classAt(bytes, position) & SPACE) !== 0) {
    last = position;
    position += widthOf(bytes[position]!);
  }
  return position < length && last > start ? last : position;
}

/** The same of `\s*[\r\n]+|\s+(?!\S)|\s+`: a run with line ends goes up to the last of them. */
export function linesOrSpacesEnd(bytes: Uint8Array, start: number, length: number): number {
  let last = start;
  let lineEnd = start;
  let position = start;
  while (position < length && (classAt(bytes, position) & SPACE) !== 0) {
    last = position;
    position += widthOf(bytes[position]!);
    if (isLineEnd(bytes[last]!)) lineEnd = position;
  }
  if (lineEnd > start) return lineEnd;
  return position < length && last > start ? last : position;
}
