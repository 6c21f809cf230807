import type { JsonValue } from "../json-value.ts";
import type { BertNormalizerJson, NormalizerJson } from "./normalizers.ts";
import { readPattern, readSequence, readType, refuseType } from "./read-shared.ts";

/** Reads a normalizer. @throws {FormatError} if its type is unknown or a field is wrong. */
export function readNormalizer(component: JsonValue, depth = 0): NormalizerJson {
  const type = readType(component);
  switch (type) {
    case "BertNormalizer":
      return readBert(component);
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
    case "Nmt":
    case "Lowercase":
    case "StripAccents":
    case "ByteLevel":
      return { type };
    case "Strip":
    case "StripNormalizer":
      return {
        type: "Strip",
        stripLeft: component.field("strip_left").boolean(),
        stripRight: component.field("strip_right").boolean(),
      };
    case "Replace":
      return {
        type,
        pattern: readPattern(component.field("pattern")),
        content: component.field("content").string(),
      };
    case "Prepend":
      return { type, prepend: component.field("prepend").string() };
    case "Precompiled":
      return { type, precompiledCharsmap: readBase64(component.field("precompiled_charsmap")) };
    case "Sequence":
      return {
        type,
        normalizers: readSequence(component.field("normalizers"), depth, readNormalizer),
      };
    default:
      return refuseType(component, "normalizer");
  }
}

function readBert(component: JsonValue): BertNormalizerJson {
  const stripAccents = component.field("strip_accents");
  return {
    type: "BertNormalizer",
    cleanText: component.field("clean_text").boolean(),
    handleChineseChars: component.field("handle_chinese_chars").boolean(),
    stripAccents: stripAccents.isNull ? null : stripAccents.boolean(),
    lowercase: component.field("lowercase").boolean(),
  };
}

function readBase64(text: JsonValue): Uint8Array {
  const base64 = text.string();
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return text.fail("text in base64");
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
