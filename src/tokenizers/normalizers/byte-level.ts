import type { AlignedText } from "../aligned-text.ts";
import { BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { mapCharacters } from "./map-characters.ts";
import type { Normalizer } from "./normalizer.ts";

/** `ByteLevel`: spells the bytes of the text in the byte alphabet. It cuts nothing and adds no blank. */
export class ByteLevelNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return spellBytes(text);
  }
}

/** Each byte as its character of the byte alphabet; all bytes of a character share its place. */
export function spellBytes(text: AlignedText): AlignedText {
  const encoder = new TextEncoder();
  return mapCharacters(text, (codePoint) => {
    if (codePoint > 0x20 && codePoint < 0x7f) return undefined;
    if (codePoint < 0x80) return BYTE_CHARACTERS[codePoint];
    let spelled = "";
    for (const byte of encoder.encode(String.fromCodePoint(codePoint))) {
      spelled += BYTE_CHARACTERS[byte]!;
    }
    return spelled;
  });
}
