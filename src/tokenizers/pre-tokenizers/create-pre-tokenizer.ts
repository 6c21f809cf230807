import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelPreTokenizer } from "./byte-level.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** Makes the pre-tokenizer that a `tokenizer.json` describes. */
export function createPreTokenizer(json: TokenizerJson["preTokenizer"]): PreTokenizer {
  return new ByteLevelPreTokenizer(json);
}
