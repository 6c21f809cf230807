import type { AlignedText } from "../aligned-text.ts";
import { lowercaseOf } from "../unicode/lowercase.ts";
import { mapCharacters } from "./map-characters.ts";
import type { Normalizer } from "./normalizer.ts";

/** `Lowercase`: each character by itself, so "Σ" never becomes "ς", and "İ" becomes "i̇", two characters. */
export class LowercaseNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return mapCharacters(text, lowercaseOf);
  }
}
