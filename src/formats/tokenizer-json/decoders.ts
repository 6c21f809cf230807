import type { PatternJson, SentencePieceNormalizerJson } from "./normalizers.ts";
import type { ByteLevelJson, MetaspaceJson } from "./pre-tokenizers.ts";

/** The decoder of a SentencePiece `.model`, which no `tokenizer.json` has. */
export interface SentencePieceDecoderJson {
  readonly type: "SentencePiece";
  /** The first blank is one that the normalizer put in front. */
  readonly addDummyPrefix: boolean;
  /** All blanks at the start go. */
  readonly removeExtraWhitespaces: boolean;
  /** Pieces that stand for nothing in the text, such as "<s>". */
  readonly controlPieces: readonly string[];
  /** The piece for what is unknown, normally "<unk>". */
  readonly unkPiece: string;
  /** What it decodes to, " ⁇ " in most files. */
  readonly unkSurface: string;
  /** `<0x00>` … `<0xFF>` are bytes. */
  readonly byteFallback: boolean;
  /** Rules that are applied to the decoded text; null in nearly all files. */
  readonly denormalizer: SentencePieceNormalizerJson | null;
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
