import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelBPE } from "./bpe.ts";
import type { Model } from "./model.ts";

/** Makes the model that a `tokenizer.json` describes. */
export function createModel(json: TokenizerJson["model"]): Model {
  return new ByteLevelBPE(json);
}
