import type { JsonValue } from "../json-value.ts";
import type { PreTokenizerJson, SplitBehavior } from "./pre-tokenizers.ts";
import {
  readByteLevel,
  readMetaspace,
  readPattern,
  readSequence,
  readType,
  refuseType,
} from "./read-shared.ts";

/** Reads a pre-tokenizer. @throws {FormatError} if its type is unknown or a field is wrong. */
export function readPreTokenizer(component: JsonValue, depth = 0): PreTokenizerJson {
  const type = readType(component);
  switch (type) {
    case "ByteLevel":
      return readByteLevel(component);
    case "Metaspace":
      return readMetaspace(component);
    case "BertPreTokenizer":
    case "UnicodeScripts":
    case "Whitespace":
    case "WhitespaceSplit":
      return { type };
    case "CharDelimiterSplit":
      return { type, delimiter: component.field("delimiter").character() };
    case "Digits":
      return { type, individualDigits: component.field("individual_digits").boolean() };
    case "FixedLength": {
      const length = component.field("length");
      return { type, length: length.value === undefined ? 5 : length.size() };
    }
    case "Punctuation": {
      const behavior = component.field("behavior");
      return { type, behavior: behavior.value === undefined ? "Isolated" : readBehavior(behavior) };
    }
    case "Split":
      return {
        type,
        pattern: readPattern(component.field("pattern")),
        behavior: readBehavior(component.field("behavior")),
        invert: component.field("invert").boolean(),
      };
    case "Sequence":
      return {
        type,
        pretokenizers: readSequence(component.field("pretokenizers"), depth, readPreTokenizer),
      };
    default:
      return refuseType(component, "pre-tokenizer");
  }
}

function readBehavior(behavior: JsonValue): SplitBehavior {
  return behavior.oneOf([
    "Removed",
    "Isolated",
    "MergedWithPrevious",
    "MergedWithNext",
    "Contiguous",
  ]);
}
