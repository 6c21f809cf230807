import type { PreTokenizerJson } from "./pre-tokenizers.ts";
import { size } from "./write-json.ts";
import { writeByteLevel, writeMetaspace, writePattern } from "./write-shared.ts";

/** What `tokenizers` writes for a pre-tokenizer. */
export function writePreTokenizer(json: PreTokenizerJson): object {
  switch (json.type) {
    case "ByteLevel":
      return writeByteLevel(json);
    case "Metaspace":
      return writeMetaspace(json);
    case "BertPreTokenizer":
    case "UnicodeScripts":
    case "Whitespace":
    case "WhitespaceSplit":
      return { type: json.type };
    case "CharDelimiterSplit":
      return { type: json.type, delimiter: json.delimiter };
    case "Digits":
      return { type: json.type, individual_digits: json.individualDigits };
    case "FixedLength":
      return { type: json.type, length: size(json.length) };
    case "Punctuation":
      return { type: json.type, behavior: json.behavior };
    case "Split": {
      const { type, pattern, behavior, invert } = json;
      return { type, pattern: writePattern(pattern), behavior, invert };
    }
    case "Sequence":
      return { type: json.type, pretokenizers: json.pretokenizers.map(writePreTokenizer) };
  }
}
