import { FormatError } from "orrery-lm/base";
import type { DecoderJson } from "./decoders.ts";
import { TOKENIZER_JSON } from "./tokenizer-json.ts";
import { size } from "./write-json.ts";
import { writeByteLevel, writeMetaspace, writePattern } from "./write-shared.ts";

/** What `tokenizers` writes for a decoder. @throws {FormatError} if it has none like it. */
export function writeDecoder(json: DecoderJson): object {
  switch (json.type) {
    case "ByteLevel":
      return writeByteLevel(json);
    case "Metaspace":
      return writeMetaspace(json);
    case "BPEDecoder":
      return { type: json.type, suffix: json.suffix };
    case "ByteFallback":
    case "Fuse":
      return { type: json.type };
    case "CTC":
      return {
        type: json.type,
        pad_token: json.padToken,
        word_delimiter_token: json.wordDelimiterToken,
        cleanup: json.cleanup,
      };
    case "Replace":
      return { type: json.type, pattern: writePattern(json.pattern), content: json.content };
    case "Strip":
      return {
        type: json.type,
        content: json.content,
        start: size(json.start),
        stop: size(json.stop),
      };
    case "WordPiece":
      return { type: json.type, prefix: json.prefix, cleanup: json.cleanup };
    case "Sequence":
      return { type: json.type, decoders: json.decoders.map(writeDecoder) };
    case "SentencePiece":
      throw new FormatError(TOKENIZER_JSON, `it has no decoder ${json.type}`);
  }
}
