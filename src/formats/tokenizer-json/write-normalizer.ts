import { FormatError } from "orrery-lm/base";
import { encodeBase64 } from "../base64.ts";
import type { NormalizerJson } from "./normalizers.ts";
import { TOKENIZER_JSON } from "./tokenizer-json.ts";
import { writePattern } from "./write-shared.ts";

/** What `tokenizers` writes for a normalizer. @throws {FormatError} if it has none like it. */
export function writeNormalizer(json: NormalizerJson): object {
  switch (json.type) {
    case "BertNormalizer":
      return {
        type: json.type,
        clean_text: json.cleanText,
        handle_chinese_chars: json.handleChineseChars,
        strip_accents: json.stripAccents,
        lowercase: json.lowercase,
      };
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
    case "Nmt":
    case "Lowercase":
    case "StripAccents":
    case "ByteLevel":
      return { type: json.type };
    case "Strip":
      return { type: json.type, strip_left: json.stripLeft, strip_right: json.stripRight };
    case "Replace":
      return { type: json.type, pattern: writePattern(json.pattern), content: json.content };
    case "Prepend":
      return { type: json.type, prepend: json.prepend };
    case "Precompiled":
      return { type: json.type, precompiled_charsmap: encodeBase64(json.precompiledCharsmap) };
    case "Sequence":
      return { type: json.type, normalizers: json.normalizers.map(writeNormalizer) };
    case "SentencePiece":
      throw new FormatError(TOKENIZER_JSON, `it has no normalizer ${json.type}`);
  }
}
