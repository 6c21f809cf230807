import type { PatternJson } from "./normalizers.ts";

/** `ByteLevel`, which is a pre-tokenizer, a post-processor and a decoder. */
export interface ByteLevelJson {
  readonly type: "ByteLevel";
  readonly addPrefixSpace: boolean;
  readonly trimOffsets: boolean;
  readonly useRegex: boolean;
}

/** `Metaspace`, which is a pre-tokenizer and a decoder. */
export interface MetaspaceJson {
  readonly type: "Metaspace";
  /** One character, normally "▁". */
  readonly replacement: string;
  readonly prependScheme: "first" | "never" | "always";
  readonly split: boolean;
}

/** What becomes of what a pattern matched. */
export type SplitBehavior =
  | "Removed"
  | "Isolated"
  | "MergedWithPrevious"
  | "MergedWithNext"
  | "Contiguous";

/** A pre-tokenizer, by the names that `tokenizer.json` uses. */
export type PreTokenizerJson =
  | ByteLevelJson
  | MetaspaceJson
  | { readonly type: "BertPreTokenizer" | "UnicodeScripts" | "Whitespace" | "WhitespaceSplit" }
  | { readonly type: "CharDelimiterSplit"; readonly delimiter: string }
  | { readonly type: "Digits"; readonly individualDigits: boolean }
  | { readonly type: "FixedLength"; readonly length: number }
  | { readonly type: "Punctuation"; readonly behavior: SplitBehavior }
  | {
      readonly type: "Split";
      readonly pattern: PatternJson;
      readonly behavior: SplitBehavior;
      readonly invert: boolean;
    }
  | { readonly type: "Sequence"; readonly pretokenizers: readonly PreTokenizerJson[] };
