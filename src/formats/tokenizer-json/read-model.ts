import type { JsonValue } from "../json-value.ts";
import type { ModelJson, WordPieceJson } from "./models.ts";
import { readBPE } from "./read-bpe.ts";
import { refuseType } from "./read-shared.ts";
import { readUnigram } from "./read-unigram.ts";
import { readVocabulary } from "./read-vocabulary.ts";

/** Reads the member `model`. @throws {FormatError} if its type is unknown or a field is wrong. */
export function readModel(model: JsonValue): ModelJson {
  switch (typeOf(model)) {
    case "BPE":
      return readBPE(model);
    case "WordPiece":
      return readWordPiece(model);
    case "WordLevel":
      return {
        type: "WordLevel",
        unkToken: model.field("unk_token").string(),
        vocab: readVocabulary(model.field("vocab")),
      };
    case "Unigram":
      return readUnigram(model);
    default:
      return refuseType(model, "model");
  }
}

/** Files from before 2020 do not name the type; the first model counts whose fields are there. */
function typeOf(model: JsonValue): unknown {
  const type = model.field("type").value;
  if (type !== undefined) return type;
  if (!model.field("merges").isNull) return "BPE";
  if (!model.field("max_input_chars_per_word").isNull) return "WordPiece";
  return model.field("unk_token").isNull ? "Unigram" : "WordLevel";
}

function readWordPiece(model: JsonValue): WordPieceJson {
  return {
    type: "WordPiece",
    unkToken: model.field("unk_token").string(),
    continuingSubwordPrefix: model.field("continuing_subword_prefix").string(),
    maxInputCharsPerWord: model.field("max_input_chars_per_word").size(),
    vocab: readVocabulary(model.field("vocab")),
  };
}
