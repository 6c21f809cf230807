import type { AlignedText } from "../aligned-text.ts";
import { mapCharacters } from "./map-characters.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * `Nmt`: removes control characters, and makes a blank of other spaces, of line ends, of marks of
 * direction, of "▁", U+FEFF and U+FFFD. It is no Unicode form: U+00A0 and U+3000 stay.
 */
export class NmtNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return mapCharacters(text, (codePoint) => {
      if (codePoint >= 0x20 && codePoint < 0x7f) return undefined;
      if (isRemoved(codePoint)) return "";
      return isBlank(codePoint) ? " " : undefined;
    });
  }
}

function isRemoved(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint !== 0 && !isBlank(codePoint);
  return codePoint === 0x7f || codePoint === 0x8f || codePoint === 0x9f;
}

function isBlank(codePoint: number): boolean {
  switch (codePoint) {
    case 0x09:
    case 0x0a:
    case 0x0c:
    case 0x0d:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x2581:
    case 0xfeff:
    case 0xfffd:
      return true;
    default:
      return codePoint >= 0x200b && codePoint <= 0x200f;
  }
}
