import type { DecoderJson } from "./decoders.ts";
import type { ModelJson } from "./models.ts";
import type { NormalizerJson } from "./normalizers.ts";
import type { PostProcessorJson } from "./post-processors.ts";
import type { PreTokenizerJson } from "./pre-tokenizers.ts";

/** A token that is found in the text before the model sees it. */
export interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  /** Not inside a word. */
  readonly singleWord: boolean;
  /** Takes the spaces before it along. */
  readonly lstrip: boolean;
  /** Takes the spaces behind it along. */
  readonly rstrip: boolean;
  /** Looked for in the normalized text, not in the text as it came. */
  readonly normalized: boolean;
  /** A control token: left out by `skipSpecialTokens`, and plain text in what users write. */
  readonly special: boolean;
}

/** How `tokenizer.json` cuts long inputs. */
export interface TruncationJson {
  readonly direction: "Left" | "Right";
  /** Tokens in all, those of the post-processor included. */
  readonly maxLength: number;
  readonly strategy: "LongestFirst" | "OnlyFirst" | "OnlySecond";
  /** How many tokens an overflowing part shares with the one before. */
  readonly stride: number;
}

/** How `tokenizer.json` fills short inputs. */
export interface PaddingJson {
  readonly strategy: "BatchLongest" | { readonly fixed: number };
  readonly direction: "Left" | "Right";
  readonly padToMultipleOf: number | null;
  readonly padId: number;
  readonly padTypeId: number;
  readonly padToken: string;
}

/** What a tokenizer is, in the terms of `tokenizer.json`, whatever format it came in. */
export interface TokenizerJson {
  readonly truncation: TruncationJson | null;
  readonly padding: PaddingJson | null;
  readonly addedTokens: readonly AddedTokenJson[];
  readonly normalizer: NormalizerJson | null;
  readonly preTokenizer: PreTokenizerJson | null;
  readonly postProcessor: PostProcessorJson | null;
  readonly decoder: DecoderJson | null;
  readonly model: ModelJson;
}

/** The name of the format in errors, and of the file. */
export const TOKENIZER_JSON: string = "tokenizer.json";
