import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelBPE } from "./byte-level-bpe.ts";
import { CharacterBPE } from "./character-bpe.ts";
import type { Model } from "./model.ts";
import { PieceCutter, isCuttable } from "./piece-cutter.ts";
import { readsBytes } from "./reads-bytes.ts";
import { SentencePieceModel } from "./sentencepiece.ts";
import { TiktokenModel } from "./tiktoken.ts";
import { Unigram } from "./unigram.ts";
import { WordLevel } from "./word-level.ts";
import { WordPiece } from "./word-piece.ts";

/** Makes the model that a tokenizer's file describes. */
export function createModel(json: TokenizerJson): Model {
  const { model } = json;
  switch (model.type) {
    case "BPE":
      if (readsBytes(json)) return new ByteLevelBPE(model);
      return isCuttable(model)
        ? new PieceCutter(new CharacterBPE(model), model)
        : new CharacterBPE(model);
    case "SentencePiece":
      return new SentencePieceModel(model);
    case "tiktoken":
      return new TiktokenModel(model);
    case "Unigram":
      return new Unigram(model);
    case "WordLevel":
      return new WordLevel(model);
    case "WordPiece":
      return new WordPiece(model);
  }
}
