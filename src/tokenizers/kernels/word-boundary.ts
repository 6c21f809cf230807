const NEWLINE = 0x0a;
const BLANK = 0x20;

/**
 * The last place where all known split patterns cut, whatever stands around it: before a blank that
 * has ASCII letters on both sides, or behind a line feed between a visible ASCII character and a
 * letter. 0 if there is none. (Of two line feeds GPT-2's pattern gives the second to the word behind.)
 */
export function lastWordBoundary(bytes: Uint8Array, length: number): number {
  for (let i = length - 2; i > 0; i--) {
    if (!isLetter(bytes[i + 1]!)) continue;
    if (bytes[i] === NEWLINE && isVisible(bytes[i - 1]!)) return i + 1;
    if (bytes[i] === BLANK && isLetter(bytes[i - 1]!)) return i;
  }
  return 0;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isVisible(byte: number): boolean {
  return byte > BLANK && byte < 0x7f;
}
