import type { WordLevelJson } from "orrery-lm/formats";
import { ByteStringTable } from "../collections/byte-string-table.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Model, Piece } from "./model.ts";

/**
 * `WordLevel`: a piece is a token or unknown. Without an unknown token in the vocabulary unknown
 * pieces vanish; Hugging Face `tokenizers` fails there.
 */
export class WordLevel implements Model {
  readonly #tokens = new ByteStringTable();
  readonly #ids = new IdBuffer(); // by number in the table
  readonly #unkId: number | undefined;

  constructor({ vocab, unkToken }: WordLevelJson) {
    const encoder = new TextEncoder();
    for (const [token, id] of vocab) {
      const bytes = encoder.encode(token);
      this.#tokens.intern(bytes, 0, bytes.length);
      this.#ids.push(id);
    }
    this.#unkId = vocab.get(unkToken);
  }

  encodePiece({ bytes, start, end }: Piece, out: IdBuffer): void {
    const number = this.#tokens.find(bytes, start, end);
    const id = number < 0 ? this.#unkId : this.#ids.data[number];
    if (id !== undefined) out.push(id);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    const before = out.length;
    this.encodePiece(piece, out);
    if (out.length > before) lengths.push(piece.end - piece.start);
  }
}
