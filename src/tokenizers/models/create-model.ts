import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelBPE } from "./byte-level-bpe.ts";
import type { Model } from "./model.ts";
import { readsBytes } from "./reads-bytes.ts";

/** Makes the model that a tokenizer's file describes. All but byte-level BPE are fetched for it. */
export async function createModel(json: TokenizerJson): Promise<Model> {
  const { model } = json;
  switch (model.type) {
    case "BPE": {
      if (readsBytes(json)) return new ByteLevelBPE(model);
      const { createCharacterBPE } = await import("./create-character-bpe.ts");
      return createCharacterBPE(model);
    }
    case "SentencePiece": {
      const { SentencePieceModel } = await import("./sentencepiece.ts");
      return new SentencePieceModel(model);
    }
    case "tiktoken": {
      const { TiktokenModel } = await import("./tiktoken.ts");
      return new TiktokenModel(model);
    }
    case "Unigram": {
      const { Unigram } = await import("./unigram.ts");
      return new Unigram(model);
    }
    case "WordLevel": {
      const { WordLevel } = await import("./word-level.ts");
      return new WordLevel(model);
    }
    case "WordPiece": {
      const { WordPiece } = await import("./word-piece.ts");
      return new WordPiece(model);
    }
  }
}
