import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelDecoder } from "./byte-level.ts";
import type { Decoder } from "./decoder.ts";

/** Makes the decoder that a `tokenizer.json` describes. */
export function createDecoder(_json: TokenizerJson["decoder"]): Decoder {
  return new ByteLevelDecoder();
}
