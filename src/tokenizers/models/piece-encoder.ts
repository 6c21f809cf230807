import type { IdBuffer } from "../collections/id-buffer.ts";
import type { Model, Piece } from "./model.ts";
import { PieceCache } from "./piece-cache.ts";

/** Encodes pieces with a model, and remembers them: few pieces of a text are new. */
export class PieceEncoder {
  readonly #model: Model;
  readonly #cache = new PieceCache();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Appends the ids of a piece to `out`. */
  encode(piece: Piece, out: IdBuffer): void {
    if (this.#cache.recall(piece, out)) return;
    const from = out.length;
    this.#model.encodePiece(piece, out);
    this.#cache.keep(piece, out.data, from, out.length);
  }

  /** Lets go of the text that the last piece was in. */
  release(): void {
    this.#cache.release();
  }
}
