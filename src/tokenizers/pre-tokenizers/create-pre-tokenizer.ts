import { FormatError } from "orrery-lm/base";
import { type PreTokenizerJson, TOKENIZER_JSON } from "orrery-lm/formats";
import { BertPreTokenizer } from "./bert.ts";
import { ByteLevelPreTokenizer } from "./byte-level.ts";
import { CharDelimiterSplitPreTokenizer } from "./char-delimiter-split.ts";
import { DigitsPreTokenizer } from "./digits.ts";
import { FixedLengthPreTokenizer } from "./fixed-length.ts";
import { MetaspacePreTokenizer } from "./metaspace.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { SequencePreTokenizer } from "./sequence.ts";
import { WhitespaceSplitPreTokenizer } from "./whitespace-split.ts";

/**
 * Makes the pre-tokenizer that a tokenizer's file describes.
 * @param readsBytes whether the model reads the bytes of a piece, not their spelling in the byte
 * alphabet
 */
export function createPreTokenizer(json: PreTokenizerJson, readsBytes: boolean): PreTokenizer {
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
      return new FixedLengthPreTokenizer(json.length);
    case "Metaspace":
      return new MetaspacePreTokenizer(json);
    case "Sequence":
      return new SequencePreTokenizer(
        json.pretokenizers.map((step) => createPreTokenizer(step, readsBytes)),
      );
    case "WhitespaceSplit":
      return new WhitespaceSplitPreTokenizer();
    default:
      throw new FormatError(TOKENIZER_JSON, `pre_tokenizer ${json.type} is not supported`);
  }
}
