import { IdBuffer } from "../collections/id-buffer.ts";
import type { Chance, Piece } from "./model.ts";

/** A row of tokens that follow each other without a gap. */
export class Segments {
  /** Where each ends, in the bytes of the piece. */
  readonly ends: IdBuffer = new IdBuffer();
  readonly ids: IdBuffer = new IdBuffer();

  get count(): number {
    return this.ids.length;
  }

  push(end: number, id: number): void {
    this.ends.push(end);
    this.ids.push(id);
  }

  clear(): void {
    this.ends.clear();
    this.ids.clear();
  }
}

/** Cuts a piece into tokens of the vocabulary, and what is not there into unknown ones. */
export interface Segmenter {
  /** Appends the tokens of a piece; a character that is no token gets the id for unknown ones. */
  segment(piece: Piece, out: Segments): void;
  /** Appends one of the ways to cut it, drawn by chance. Undefined where there is only one. */
  sample?(piece: Piece, chance: Chance, out: Segments): void;
  /** The best ways, best first. Undefined where there are no probabilities. */
  nBest?(piece: Piece, count: number): readonly ScoredSegments[];
}

/** A segmentation and the logarithm of its probability, up to a summand that all share. */
export interface ScoredSegments {
  readonly segments: Segments;
  readonly score: number;
}
