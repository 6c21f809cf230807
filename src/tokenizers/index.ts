export type { SpecialTokens } from "./added-tokens/added-tokens.ts";
export type { ChatTemplateOptions, EncodedChat } from "./chat/apply-chat-template.ts";
export type { ChatMessage, ChatVariables } from "./chat/chat-template.ts";
export { type WordOptions, countWords } from "./trainers/count-words.ts";
export { type TokenizerMeasures, compare } from "./texts/compare.ts";
export type { DecodeStream } from "./texts/decode-stream.ts";
export type { EncodeStream } from "./texts/encode-stream.ts";
export type { Encoding, OffsetUnit } from "./encodings/encoding.ts";
export type { Padding } from "./encodings/padding.ts";
export type { Truncation } from "./encodings/truncation.ts";
export type {
  ExplainedPiece,
  ExplainedSymbol,
  Explanation,
  FinalToken,
  FoundToken,
  MergeMade,
  ModelSteps,
  NormalizerStep,
  PieceToken,
  ScoredPath,
  SplitRule,
  TextSection,
} from "./explain/explanation.ts";
export type { LoadOptions } from "./loading/load-options.ts";
export type { TokenizerSource } from "./loading/load.ts";
export type { ScoredIds } from "./models/model.ts";
export type {
  DecodeOptions,
  EncodeFullOptions,
  EncodeOptions,
  PlainEncodeOptions,
  SampleOptions,
  SplitOptions,
} from "./options.ts";
export type { SaveFormat } from "./saving/save.ts";
export { SpecialTokenError } from "./special-token-error.ts";
export type { TextChunk } from "./texts/split-text.ts";
export { Tokenizer } from "./tokenizer.ts";
export {
  type TrainTokenizerOptions,
  splitLines,
  trainTokenizer,
} from "./trainers/train-tokenizer.ts";
export type { TieBreak } from "./trainers/bpe/tie-break.ts";
export type { MergeStep } from "./trainers/training-options.ts";
export type { WordPieceScore } from "./trainers/word-piece/score.ts";
export { parseWordCounts, serializeWordCounts } from "./trainers/words/word-counts-file.ts";
export { type DroppedWords, WordCounts } from "./trainers/words/word-counts.ts";
export { UNICODE_VERSION } from "./unicode/categories.gen.ts";
