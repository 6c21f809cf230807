import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type TokenizerJson } from "orrery-lm/formats";
import { ByteLevelBPE } from "./byte-level-bpe.ts";
import { CharacterBPE } from "./character-bpe.ts";
import type { Model } from "./model.ts";
import { readsBytes } from "./reads-bytes.ts";
import { TiktokenModel } from "./tiktoken.ts";

/** Makes the model that a tokenizer's file describes. */
export function createModel(json: TokenizerJson): Model {
  const { model } = json;
  switch (model.type) {
    case "BPE":
      return readsBytes(json) ? new ByteLevelBPE(model) : new CharacterBPE(model);
    case "tiktoken":
      return new TiktokenModel(model);
  }
  throw new FormatError(TOKENIZER_JSON, `model ${model.type} is not supported here`);
}
