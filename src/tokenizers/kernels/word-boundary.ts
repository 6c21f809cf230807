const NEWLINE = 0x0a;
const BLANK = 0x20;

/**
 * The last place where all known split patterns cut, whatever stands around it: before a blank that
 * has ASCII letters on both sides, or between a line feed and an ASCII letter. 0 if there is none.
 */
export function lastWordBoundary(bytes: Uint8Array, length: number): number {
  for (let i = length - 2; i > 0; i--) {
    if (!isLetter(bytes[i + 1]!)) continue;
    if (bytes[i] === NEWLINE) return i + 1;
    if (bytes[i] === BLANK && isLetter(bytes[i - 1]!)) return i;
  }
  return 0;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
