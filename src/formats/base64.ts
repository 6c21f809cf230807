/** Base64 of RFC 4648, section 4, with padding, to and from bytes. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PADDING = 0x3d; // "="

// By byte of ASCII; -1 outside the alphabet.
const VALUES: Int8Array = /* @__PURE__ */ makeValues();

/**
 * Decodes `text[start, end)`, which is ASCII, into `out` from `at` on, and gives the place behind the
 * last byte; or -1 if it is not canonical Base64: padded to a multiple of four, unused bits zero.
 */
export function decodeBase64Into(
  text: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  out: Uint8Array,
  at: number,
): number {
  if (start === end) return at;
  if ((end - start) % 4 !== 0) return -1;
  const padding = text[end - 1] !== PADDING ? 0 : text[end - 2] !== PADDING ? 1 : 2;
  const last = end - 4;
  let to = at;
  /* oxlint-disable no-param-reassign -- it says so in its name */
  for (let i = start; i < end; i += 4) {
    const kept = i === last ? 3 - padding : 3;
    const a = VALUES[text[i]!]!;
    const b = VALUES[text[i + 1]!]!;
    const c = kept > 1 ? VALUES[text[i + 2]!]! : 0;
    const d = kept > 2 ? VALUES[text[i + 3]!]! : 0;
    const bits = (a << 18) | (b << 12) | (c << 6) | d;
    if (bits < 0 || (kept < 3 && (bits & (kept === 1 ? 0xffff : 0xff)) !== 0)) return -1;
    out[to++] = bits >> 16;
    if (kept > 1) out[to++] = bits >> 8;
    if (kept > 2) out[to++] = bits;
  }
  /* oxlint-enable no-param-reassign */
  return to;
}

/** Encodes bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    text += i + 1 < bytes.length ? ALPHABET[(bits >> 6) & 63]! : "=";
    text += i + 2 < bytes.length ? ALPHABET[bits & 63]! : "=";
  }
  return text;
}

function makeValues(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;
  return values;
}
