import {
  type NormalizerJson,
  SENTENCEPIECE_MODEL,
  type SentencePieceNormalizerJson,
} from "orrery-lm/formats";
import { Charsmap } from "../normalizers/charsmap.ts";

const BLANK = " ";
const SIGN = "▁";

/**
 * Whether a normalizer gives the same if a text is cut before a run of blanks, line ends and tabs. Where
 * the text goes to SentencePiece's, the part behind the cut goes without its first blank, for it gets a
 * dummy one.
 *
 * - A blank combines with nothing before it in any Unicode form, nor in a grapheme cluster, unless a
 *   prepended mark is there, behind which nobody may cut.
 * - SentencePiece's: with `removeExtraWhitespaces` blanks at the ends of the parts are only those that
 *   the whole text loses, too; without, nothing but the dummy blank depends on the place.
 */
export function hasLocalBlanks(json: NormalizerJson): boolean {
  switch (json.type) {
    case "BertNormalizer":
    case "Lowercase":
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
    case "Nmt":
    case "Precompiled":
    case "StripAccents":
      return true;
    case "Sequence":
      return json.normalizers.every(hasLocalBlanks);
    case "Replace":
      // A run of blanks is never cut.
      if ("regex" in json.pattern) return json.pattern.regex === " {2,}" && json.content === BLANK;
      // The empty text is found at both ends of a part.
      return /^[^ \t\r\n]+$/.test(json.pattern.string);
    case "SentencePiece":
      return isLocalSentencePiece(json);
    case "ByteLevel":
    case "Prepend":
    case "Strip":
      return false;
  }
}

function isLocalSentencePiece(json: SentencePieceNormalizerJson): boolean {
  if (json.treatWhitespaceAsSuffix || !json.escapeWhitespaces) return false;
  if (json.userDefinedSymbols.some((symbol) => symbol.includes(BLANK) || symbol.includes(SIGN))) {
    return false;
  }
  if (json.precompiledCharsmap.length === 0) return true;
  // Without removal a character that becomes a blank would stand before a blank.
  if (!json.removeExtraWhitespaces) return false;
  const charsmap = new Charsmap(json.precompiledCharsmap, SENTENCEPIECE_MODEL);
  return (
    !new TextDecoder().decode(charsmap.replacements).includes(SIGN) &&
    !charsmap.hasInner(BLANK.charCodeAt(0))
  );
}
