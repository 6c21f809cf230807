import type { AlignedText } from "../aligned-text.ts";
import { isMark } from "../unicode/old-categories.ts";
import { mapCharacters } from "./map-characters.ts";
import type { Normalizer } from "./normalizer.ts";

/**
 * `StripAccents`: removes marks (M, all three kinds). It decomposes nothing: "é" in one character
 * keeps its accent unless NFD goes before.
 */
export class StripAccentsNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return mapCharacters(text, (codePoint) => (isMark(codePoint) ? "" : undefined));
  }
}
