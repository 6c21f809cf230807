import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type TokenizerJson } from "orrery-lm/formats";
import { ByteLevelBPE } from "./bpe.ts";
import type { Model } from "./model.ts";
import { readsBytes } from "./reads-bytes.ts";

/** Makes the model that a tokenizer's file describes. */
export function createModel(json: TokenizerJson): Model {
  const { model } = json;
  if (model.type === "BPE" && readsBytes(json)) return new ByteLevelBPE(model);
  throw new FormatError(TOKENIZER_JSON, `model ${model.type} is not supported here`);
}
