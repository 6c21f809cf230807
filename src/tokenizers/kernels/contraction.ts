const APOSTROPHE = 0x27;
const [D, E, L, M, R, S, T, V] = [0x64, 0x65, 0x6c, 0x6d, 0x72, 0x73, 0x74, 0x76] as const;
// U+017F, the long s, is an s in disguise: full case folding says so.
const LONG_S = [0xc5, 0xbf] as const;

/** The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` that starts here, or 0. */
export function contractionEnd(bytes: Uint8Array, start: number, length: number): number {
  if (bytes[start] !== APOSTROPHE || start + 1 >= length) return 0;
  return endOf(bytes[start + 1]!, start + 2 < length ? bytes[start + 2]! : 0, start);
}

/** The same in any case: `(?i:'s|'t|'re|'ve|'m|'ll|'d)`, which the long s "ſ" matches too. */
export function anyCaseContractionEnd(bytes: Uint8Array, start: number, length: number): number {
  if (bytes[start] !== APOSTROPHE || start + 1 >= length) return 0;
  const first = bytes[start + 1]!;
  const second = start + 2 < length ? bytes[start + 2]! : 0;
  if (first === LONG_S[0] && second === LONG_S[1]) return start + 3;
  return endOf(first | 0x20, second | 0x20, start);
}

function endOf(first: number, second: number, start: number): number {
  if (first === S || first === T || first === M || first === D) return start + 2;
  const isLong = (second === E && (first === R || first === V)) || (first === L && second === L);
  return isLong ? start + 3 : 0;
}
