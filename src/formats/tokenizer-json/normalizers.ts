/** What `Replace` and `Split` look for: a text, or a regular expression of Oniguruma. */
export type PatternJson = { readonly string: string } | { readonly regex: string };

/** `BertNormalizer`. */
export interface BertNormalizerJson {
  readonly type: "BertNormalizer";
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
  /** Null: as `lowercase` says. */
  readonly stripAccents: boolean | null;
  readonly lowercase: boolean;
}

/**
 * The normalizer of a SentencePiece `.model`, which no `tokenizer.json` has: user-defined symbols are
 * left alone, the longest rule of the charsmap goes first, blanks are treated as the file says.
 */
export interface SentencePieceNormalizerJson {
  readonly type: "SentencePiece";
  /** Compiled rules as they are in the file; empty for none. */
  readonly precompiledCharsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
  readonly treatWhitespaceAsSuffix: boolean;
  /** User-defined symbols, which normalization does not touch. */
  readonly userDefinedSymbols: readonly string[];
}

/** A normalizer, by the names that `tokenizer.json` uses. */
export type NormalizerJson =
  | BertNormalizerJson
  | SentencePieceNormalizerJson
  | {
      readonly type:
        | "NFC"
        | "NFD"
        | "NFKC"
        | "NFKD"
        | "Nmt"
        | "Lowercase"
        | "StripAccents"
        | "ByteLevel";
    }
  | { readonly type: "Strip"; readonly stripLeft: boolean; readonly stripRight: boolean }
  | { readonly type: "Replace"; readonly pattern: PatternJson; readonly content: string }
  | { readonly type: "Prepend"; readonly prepend: string }
  | { readonly type: "Precompiled"; readonly precompiledCharsmap: Uint8Array }
  | { readonly type: "Sequence"; readonly normalizers: readonly NormalizerJson[] };
