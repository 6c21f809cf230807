import type { SpecialTokens } from "./added-tokens/added-tokens.ts";
import type { OffsetUnit } from "./encodings/encoding.ts";
import type { Padding } from "./encodings/padding.ts";
import type { Truncation } from "./encodings/truncation.ts";

/** Options of {@link Tokenizer.encode}. */
export interface EncodeOptions {
  /** Let the post-processor add its tokens, such as a start token. @default true */
  readonly addSpecialTokens?: boolean;
  /** What special tokens that stand in the text mean. @default "text" */
  readonly specialTokens?: SpecialTokens;
  /** Cut to a number of tokens; false: not even if the file says so. @default what the file says */
  readonly truncation?: Truncation | false;
  /** Fill up to a number of tokens; false: not even if the file says so. @default what the file says */
  readonly padding?: Padding | false;
}

/** Options of what neither cuts nor pads. */
export type PlainEncodeOptions = Pick<EncodeOptions, "addSpecialTokens" | "specialTokens">;

/** Options of {@link Tokenizer.split}. */
export interface SplitOptions extends PlainEncodeOptions {
  /** Of each chunk. */
  readonly maxTokens: number;
  /** How many tokens a chunk may share with the one before. @default 0 */
  readonly overlap?: number;
}

/** Options of {@link Tokenizer.encodeFull}. */
export interface EncodeFullOptions extends EncodeOptions {
  /** @default "utf16" */
  readonly offsetUnit?: OffsetUnit;
}

/** Options of {@link Tokenizer.sample}. */
export interface SampleOptions extends EncodeOptions {
  /** Equal seeds draw equally. */
  readonly seed: number;
  /** Of BPE: the probability to pass over a merge that is due. @default what the file says, or 0 */
  readonly dropout?: number;
  /**
   * Of Unigram: a way is drawn with its probability to this power; 0 draws all alike. BPE, which has
   * no probabilities, does not look at it.
   * @default 0.1
   */
  readonly alpha?: number;
  /** Of Unigram: draw from so many of the best ways, 1 to 1024, of each piece. @default from all */
  readonly nBestSize?: number;
}

/** Options of {@link Tokenizer.decode}. */
export interface DecodeOptions {
  /** Leave out the tokens that the file marks as special. @default false */
  readonly skipSpecialTokens?: boolean;
}
