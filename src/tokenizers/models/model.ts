import type { RandomStream } from "orrery-lm/base";
import type { IdBuffer } from "../kernels/id-buffer.ts";

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
}

/** How {@link Model.samplePiece} draws. */
export interface Chance {
  readonly random: RandomStream;
  /** Of BPE: the probability to pass over a merge. Undefined: what the file says. */
  readonly dropout: number | undefined;
}

/** `bytes[start, end)`. The caller may change it for the next piece, so nobody keeps it. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}
