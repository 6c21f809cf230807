export { type ConfigJson, readConfigJson, serializeConfig } from "./config-json.ts";
export { camelCase, snakeCase } from "./config-keys.ts";
export { ConfigReader } from "./config-reader.ts";
export { readGgufTokenizer } from "./gguf-tokenizer.ts";
export { readParquetTexts } from "./parquet.ts";
export { fromFloat32, isFloatDtype, type FloatDtype } from "./round-floats.ts";
export {
  safetensorsChunks,
  writeSafetensors,
  type WritableTensor,
  type WritableTensors,
} from "./safetensors-writer.ts";
export { readSafetensors, type StoredTensor, type StoredTensors } from "./safetensors.ts";
export { serializeSentencePieceModel } from "./sentencepiece-model-writer.ts";
export { isSentencePieceModel, parseSentencePieceModel } from "./sentencepiece-model.ts";
export { SENTENCEPIECE_MODEL } from "./sentencepiece-numbers.ts";
export { TEKKEN_JSON, isGguf, isTekken, isTiktokenRanks, isVocabTxt } from "./signatures.ts";
export { SPLIT_PATTERNS, splitAtPatterns } from "./split-patterns.ts";
export { dtypeBytes, toFloat32, toFloat64, toInt32, type StoredDtype } from "./stored-dtype.ts";
export { parseTekken } from "./tekken.ts";
export { serializeTiktokenRanks } from "./tiktoken-ranks-writer.ts";
export { TIKTOKEN_RANKS, parseTiktokenRanks } from "./tiktoken-ranks.ts";
export type { DecoderJson, SentencePieceDecoderJson } from "./tokenizer-json/decoders.ts";
export type {
  BPEJson,
  ModelJson,
  SentencePieceJson,
  SentencePieceType,
  TiktokenJson,
  UnigramJson,
  WordLevelJson,
  WordPieceJson,
} from "./tokenizer-json/models.ts";
export type {
  BertNormalizerJson,
  NormalizerJson,
  PatternJson,
  SentencePieceNormalizerJson,
} from "./tokenizer-json/normalizers.ts";
export type {
  PostProcessorJson,
  TemplatePieceJson,
  TemplateProcessingJson,
  TemplateTokenJson,
} from "./tokenizer-json/post-processors.ts";
export type {
  ByteLevelJson,
  MetaspaceJson,
  PreTokenizerJson,
  SplitBehavior,
} from "./tokenizer-json/pre-tokenizers.ts";
export { parseTokenizerJson } from "./tokenizer-json/read-tokenizer-json.ts";
export { specialToken } from "./tokenizer-json/special-token.ts";
export {
  type AddedTokenJson,
  type PaddingJson,
  TOKENIZER_JSON,
  type TokenizerJson,
  type TruncationJson,
} from "./tokenizer-json/tokenizer-json.ts";
export { serializeTokenizerJson } from "./tokenizer-json/write-tokenizer-json.ts";
export { parseVocabMerges } from "./vocab-merges.ts";
export { parseVocabTxt } from "./vocab-txt.ts";
export { serializeVocabulary } from "./vocabulary-writer.ts";
export {
  TOKENIZER_CONFIG_FILES,
  readTokenizerConfig,
  type TokenizerConfigJson,
  writeTokenizerConfig,
} from "./tokenizer-config.ts";
