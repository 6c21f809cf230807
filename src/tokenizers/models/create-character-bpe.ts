import type { BPEJson } from "orrery-lm/formats";
import { CharacterBPE } from "./character-bpe.ts";
import type { Model } from "./model.ts";
import { PieceCutter, isCuttable } from "./piece-cutter.ts";

/** Makes a BPE over characters, which cuts long pieces where that changes no id. */
export function createCharacterBPE(json: BPEJson): Model {
  const model = new CharacterBPE(json);
  return isCuttable(json) ? new PieceCutter(model, json) : model;
}
