import type { JsonValue } from "../json-value.ts";
import { MAX_TOKEN_IDS } from "./read-vocabulary.ts";
import type { PaddingJson, TruncationJson } from "./tokenizer-json.ts";

// More tokens than any text has; what is filled up to a length must fit into memory.
const MAX_PADDED_LENGTH = 2 ** 24;

/** Reads the member `truncation`. @throws {FormatError} if a field is wrong. */
export function readTruncation(truncation: JsonValue): TruncationJson {
  const direction = truncation.field("direction");
  return {
    // Absent in files from before 2022.
    direction: direction.value === undefined ? "Right" : direction.oneOf(["Left", "Right"]),
    maxLength: truncation.field("max_length").size(),
    strategy: truncation.field("strategy").oneOf(["LongestFirst", "OnlyFirst", "OnlySecond"]),
    stride: truncation.field("stride").size(),
  };
}

/** Reads the member `padding`. @throws {FormatError} if a field is wrong. */
export function readPadding(padding: JsonValue): PaddingJson {
  const strategy = padding.field("strategy");
  const padToMultipleOf = padding.field("pad_to_multiple_of");
  return {
    strategy:
      typeof strategy.value === "string"
        ? strategy.oneOf(["BatchLongest"])
        : { fixed: strategy.field("Fixed").integer(MAX_PADDED_LENGTH) },
    direction: padding.field("direction").oneOf(["Left", "Right"]),
    padToMultipleOf: padToMultipleOf.isNull ? null : padToMultipleOf.integer(MAX_PADDED_LENGTH),
    padId: padding.field("pad_id").integer(MAX_TOKEN_IDS),
    padTypeId: padding.field("pad_type_id").integer(2 ** 32),
    padToken: padding.field("pad_token").string(),
  };
}
