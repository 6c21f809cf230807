/** How many bytes the character with this first byte takes. */
export function widthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** How many bytes the UTF-8 of a code point has. */
export function lengthOf(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** The code point whose UTF-8, which must be valid, starts here. */
export function codePointAt(bytes: Uint8Array, position: number): number {
  const lead = bytes[position]!;
  if (lead < 0x80) return lead;
  const second = bytes[position + 1]! & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = bytes[position + 2]! & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[position + 3]! & 0x3f);
}

/** The code point whose UTF-8 ends here. */
export function codePointBefore(bytes: Uint8Array, end: number): number {
  let start = end - 1;
  while ((bytes[start]! & 0xc0) === 0x80) start--;
  return codePointAt(bytes, start);
}
