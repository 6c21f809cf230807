export type { SpecialTokens } from "./added-tokens/added-tokens.ts";
export { DecodeStream } from "./decode-stream.ts";
export type { Encoding, OffsetUnit } from "./encoding.ts";
export type { TokenizerSource } from "./load.ts";
export { SpecialTokenError } from "./special-token-error.ts";
export {
  type DecodeOptions,
  type EncodeFullOptions,
  type EncodeOptions,
  Tokenizer,
} from "./tokenizer.ts";
export { type TrainTokenizerOptions, splitLines, trainTokenizer } from "./train-tokenizer.ts";
export { UNICODE_VERSION } from "./unicode/classes.gen.ts";
