/** Numbers of a SentencePiece `.model`. */

import type { SentencePieceJson, SentencePieceType } from "./tokenizer-json/models.ts";

/** The name of the format in errors. */
export const SENTENCEPIECE_MODEL: string = "SentencePiece model";

/** By number in the file, from 1. */
export const PIECE_TYPES: readonly SentencePieceType[] = [
  "NORMAL",
  "UNKNOWN",
  "CONTROL",
  "USER_DEFINED",
  "UNUSED",
  "BYTE",
];

/** By number in the file, from 1. */
export const ALGORITHMS: readonly SentencePieceJson["algorithm"][] = [
  "unigram",
  "bpe",
  "word",
  "char",
];
