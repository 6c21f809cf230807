import {
  TOKENIZER_JSON,
  type TokenizerConfigJson,
  type TokenizerJson,
  serializeSentencePieceModel,
  serializeTiktokenRanks,
  serializeTokenizerJson,
  serializeVocabulary,
  writeTokenizerConfig,
} from "orrery-lm/formats";
import { toTokenizerJson } from "./to-tokenizer-json.ts";
import { ranksOfMerges } from "./ranks-of-merges.ts";

/** A format that {@link Tokenizer.save} writes. */
export type SaveFormat = "tokenizer.json" | "sentencepiece" | "tiktoken" | "vocab";

/**
 * The files of a tokenizer, by name.
 * @param config what lies beside a `tokenizer.json`
 * @throws {ConfigError} if the format cannot express the tokenizer.
 */
export function saveTokenizer(
  json: TokenizerJson,
  config: TokenizerConfigJson,
  format: SaveFormat,
): Record<string, Uint8Array> {
  switch (format) {
    case "tokenizer.json":
      return {
        [TOKENIZER_JSON]: serializeTokenizerJson(toTokenizerJson(json)),
        ...writeTokenizerConfig(config),
      };
    case "sentencepiece":
      return { "tokenizer.model": serializeSentencePieceModel(json) };
    case "tiktoken":
      return { "tokenizer.tiktoken": serializeTiktokenRanks(ranksOfMerges(json)) };
    case "vocab":
      return serializeVocabulary(json);
  }
}
