import { FormatError } from "orrery-lm/base";
import { type PreTokenizerJson, TOKENIZER_JSON } from "orrery-lm/formats";
import { ByteLevelPreTokenizer } from "./byte-level.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/**
 * Makes the pre-tokenizer that a tokenizer's file describes.
 * @param readsBytes whether the model reads the bytes of a piece, not their spelling in the byte
 * alphabet
 */
export function createPreTokenizer(json: PreTokenizerJson, readsBytes: boolean): PreTokenizer {
  if (json.type !== "ByteLevel") {
    throw new FormatError(TOKENIZER_JSON, `pre_tokenizer ${json.type} is not supported`);
  }
  return new ByteLevelPreTokenizer({ ...json, isSpelled: !readsBytes });
}
