import type { Alignment } from "../aligned-text.ts";
import { widthOf } from "../collections/utf8.ts";

/**
 * Where the tokens of a piece come from: each from the start of the character that its first byte
 * belongs to, to the end of that of its last byte.
 * @param bytes UTF-8 of the piece, whose UTF-16 units `alignment` is about
 * @param lengths how many bytes each token covers; one that covers nothing is where the next one
 * starts, or, with `sharesPlaces`, where the next one is
 */
export function offsetsOfTokens(
  { starts, ends }: Alignment,
  bytes: Uint8Array,
  lengths: Uint32Array,
  sharesPlaces = false,
): (readonly [start: number, end: number])[] {
  const units = unitsOfBytes(bytes);
  const offsets: (readonly [number, number])[] = [];
  let position = 0;
  for (const length of lengths) {
    const first = position;
    position += length;
    const start = first < bytes.length ? starts[units[first]!]! : (ends.at(-1) ?? 0);
    offsets.push([start, length === 0 ? start : ends[units[position - 1]!]!]);
  }
  if (!sharesPlaces) return offsets;
  for (let i = lengths.length - 2; i >= 0; i--) {
    if (lengths[i] === 0) offsets[i] = offsets[i + 1]!;
  }
  return offsets;
}

/** For each byte, the first UTF-16 unit of the character that it is a part of. */
function unitsOfBytes(bytes: Uint8Array): Uint32Array {
  const units = new Uint32Array(bytes.length);
  let unit = 0;
  for (let i = 0; i < bytes.length;) {
    const width = widthOf(bytes[i]!);
    units.fill(unit, i, i + width);
    i += width;
    unit += width === 4 ? 2 : 1;
  }
  return units;
}
