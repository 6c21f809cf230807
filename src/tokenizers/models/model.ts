import type { RandomStream } from "orrery-lm/base";
import type { IdBuffer } from "../collections/id-buffer.ts";

/** Turns a piece of text into tokens. A piece is `bytes[start, end)`, UTF-8 or a cut of it. */
export interface Model {
  /** Tokens with this id show the text that they cover, and not what the vocabulary says. */
  readonly surfaceId?: number;
  /** A token that covers nothing has the place of the next one that does, not an empty one. */
  readonly sharesPlaces?: boolean;
  /** Appends the ids of a piece to `out`. */
  encodePiece(piece: Piece, out: IdBuffer): void;
  /**
   * The same, and appends how many bytes of the piece each token covers to `lengths`; 0 for one that
   * shares the next one's character.
   */
  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void;
  /**
   * Appends the ids of one of the ways to encode a piece, drawn by chance. Undefined where there is
   * only one.
   */
  samplePiece?(piece: Piece, out: IdBuffer, chance: Chance): void;
  /**
   * The best ways to encode a piece, at most `count`, best first. Undefined where the model has no
   * probabilities.
   */
  nBestPiece?(piece: Piece, count: number): readonly ScoredIds[];
}

/** How {@link Model.samplePiece} draws. */
export interface Chance {
  readonly random: RandomStream;
  /** Of BPE: the probability to pass over a merge. Undefined: what the file says. */
  readonly dropout?: number | undefined;
  /** Of unigram models: the exponent of the probabilities. Undefined: 0.1. */
  readonly alpha?: number | undefined;
  /** Of unigram models: draw from so many of the best. Undefined: from all. */
  readonly nBestSize?: number | undefined;
}

/** Ids, and the logarithm of their probability, up to a summand that all ways share. */
export interface ScoredIds {
  readonly ids: Uint32Array;
  readonly score: number;
}

/** `bytes[start, end)`. The caller may change it for the next piece, so nobody keeps it. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}
