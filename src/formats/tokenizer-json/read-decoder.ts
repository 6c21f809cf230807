import type { JsonValue } from "../json-value.ts";
import type { DecoderJson } from "./decoders.ts";
import {
  readByteLevel,
  readMetaspace,
  readPattern,
  readSequence,
  readType,
  refuseType,
} from "./read-shared.ts";

/** Reads a decoder. @throws {FormatError} if its type is unknown or a field is wrong. */
export function readDecoder(component: JsonValue, depth = 0): DecoderJson {
  const type = readType(component);
  switch (type) {
    case "ByteLevel":
      return readByteLevel(component);
    case "Metaspace":
      return readMetaspace(component);
    case "BPEDecoder":
      return { type, suffix: component.field("suffix").string() };
    case "ByteFallback":
    case "Fuse":
      return { type };
    case "CTC":
      return {
        type,
        padToken: component.field("pad_token").string(),
        wordDelimiterToken: component.field("word_delimiter_token").string(),
        cleanup: component.field("cleanup").boolean(),
      };
    case "Replace":
      return {
        type,
        pattern: readPattern(component.field("pattern")),
        content: component.field("content").string(),
      };
    case "Strip":
      return {
        type,
        content: component.field("content").character(),
        start: component.field("start").size(),
        stop: component.field("stop").size(),
      };
    case "WordPiece":
      return {
        type,
        prefix: component.field("prefix").string(),
        cleanup: component.field("cleanup").boolean(),
      };
    case "Sequence":
      return { type, decoders: readSequence(component.field("decoders"), depth, readDecoder) };
    default:
      return refuseType(component, "decoder");
  }
}
