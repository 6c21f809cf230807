/**
 * GPT-2's alphabet: the character that stands for each byte in the tokens of a byte-level
 * vocabulary. A byte that is a visible Latin-1 character stands for itself; the other 68 become
 * U+0100, U+0101, … in order, so the blank is "Ġ".
 *
 * @see Radford et al. 2019, encoder.py, bytes_to_unicode
 */
export const BYTE_CHARACTERS: readonly string[] = /* @__PURE__ */ makeByteCharacters();

/** All 256 bytes in the order of their characters: the order of the ids in a trained vocabulary. */
export const ALPHABET_BYTES: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  BYTE_CHARACTERS.keys(),
).sort((a, b) => BYTE_CHARACTERS[a]!.charCodeAt(0) - BYTE_CHARACTERS[b]!.charCodeAt(0));

// Code units above the alphabet's last, U+0143, stand for no byte.
const BYTE_OF_UNIT: Int16Array = /* @__PURE__ */ makeByteOfUnit();

/** The byte that a UTF-16 unit of a token stands for, or -1. */
export function byteOfUnit(unit: number): number {
  return unit < BYTE_OF_UNIT.length ? BYTE_OF_UNIT[unit]! : -1;
}

function makeByteCharacters(): string[] {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isVisible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(isVisible ? byte : 0x100 + others++);
  });
}

function makeByteOfUnit(): Int16Array {
  const bytes = new Int16Array(0x144).fill(-1);
  for (const [byte, character] of BYTE_CHARACTERS.entries()) bytes[character.charCodeAt(0)] = byte;
  return bytes;
}
