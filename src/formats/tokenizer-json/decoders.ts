import type { PatternJson } from "./normalizers.ts";
import type { ByteLevelJson, MetaspaceJson } from "./pre-tokenizers.ts";

/** The decoder of a SentencePiece `.model`, which no `tokenizer.json` has. */
export interface SentencePieceDecoderJson {
  readonly type: "SentencePiece";
  /** The first blank is one that the normalizer put in front. */
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly treatWhitespaceAsSuffix: boolean;
  /** What an unknown piece decodes to, " ⁇ " in most files. */
  readonly unkSurface: string;
  /** Rules that undo normalization; empty in all files that are known. */
  readonly denormalizerCharsmap: Uint8Array;
}

/** A decoder, by the names that `tokenizer.json` uses. */
export type DecoderJson =
  | ByteLevelJson
  | MetaspaceJson
  | SentencePieceDecoderJson
  | { readonly type: "BPEDecoder"; readonly suffix: string }
  | { readonly type: "ByteFallback" | "Fuse" }
  | {
      readonly type: "CTC";
      readonly padToken: string;
      readonly wordDelimiterToken: string;
      readonly cleanup: boolean;
    }
  | { readonly type: "Replace"; readonly pattern: PatternJson; readonly content: string }
  | {
      readonly type: "Strip";
      readonly content: string;
      readonly start: number;
      readonly stop: number;
    }
  | { readonly type: "WordPiece"; readonly prefix: string; readonly cleanup: boolean }
  | { readonly type: "Sequence"; readonly decoders: readonly DecoderJson[] };
