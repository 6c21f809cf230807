import { FormatError } from "orrery-lm/base";
import { type PreTokenizerJson, TOKENIZER_JSON } from "orrery-lm/formats";
import type { Dialect } from "../patterns/regex-source.ts";
import { readOldScripts } from "../unicode/old-scripts.ts";
import { BertPreTokenizer } from "./bert.ts";
import { ByteLevelPreTokenizer } from "./byte-level.ts";
import { CharDelimiterSplitPreTokenizer } from "./char-delimiter-split.ts";
import { DigitsPreTokenizer } from "./digits.ts";
import { FixedLengthPreTokenizer } from "./fixed-length.ts";
import { MetaspacePreTokenizer } from "./metaspace.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { PunctuationPreTokenizer } from "./punctuation.ts";
import { SequencePreTokenizer } from "./sequence.ts";
import { SplitPreTokenizer } from "./split.ts";
import { UnicodeScriptsPreTokenizer } from "./unicode-scripts.ts";
import { WhitespacePreTokenizer } from "./whitespace.ts";
import { WhitespaceSplitPreTokenizer } from "./whitespace-split.ts";

/**
 * Makes the pre-tokenizer that a tokenizer's file describes.
 * @param readsBytes whether the model reads the bytes of a piece, not their spelling in the byte
 * alphabet
 * @param dialect of the regular expressions
 * @throws {FormatError} if a regular expression is not supported, or a length is 0.
 */
export function createPreTokenizer(
  json: PreTokenizerJson,
  readsBytes: boolean,
  dialect: Dialect = "oniguruma",
): PreTokenizer {
  let scripts: Uint8Array | undefined;
  const readScripts = (): Uint8Array => (scripts ??= readOldScripts());
  return create(json, { readsBytes, dialect, readScripts });
}

interface Surroundings {
  readonly readsBytes: boolean;
  readonly dialect: Dialect;
  /** A table of a megabyte, which all steps share. */
  readonly readScripts: () => Uint8Array;
}

function create(json: PreTokenizerJson, surroundings: Surroundings): PreTokenizer {
  const { readsBytes, dialect, readScripts } = surroundings;
  switch (json.type) {
    case "BertPreTokenizer":
      return new BertPreTokenizer();
    case "ByteLevel":
      return new ByteLevelPreTokenizer({ ...json, isSpelled: !readsBytes });
    case "CharDelimiterSplit":
      return new CharDelimiterSplitPreTokenizer(json.delimiter);
    case "Digits":
      return new DigitsPreTokenizer(json.individualDigits);
    case "FixedLength":
      if (json.length < 1) {
        throw new FormatError(
          TOKENIZER_JSON,
          "pre_tokenizer FixedLength: expected a length above 0, got 0",
        );
      }
      return new FixedLengthPreTokenizer(json.length);
    case "Metaspace":
      return new MetaspacePreTokenizer(json);
    case "Punctuation":
      return new PunctuationPreTokenizer(json.behavior);
    case "Sequence":
      return new SequencePreTokenizer(json.pretokenizers.map((step) => create(step, surroundings)));
    case "Split":
      return new SplitPreTokenizer(json, dialect);
    case "UnicodeScripts":
      return new UnicodeScriptsPreTokenizer(readScripts());
    case "Whitespace":
      return new WhitespacePreTokenizer();
    case "WhitespaceSplit":
      return new WhitespaceSplitPreTokenizer();
  }
}
