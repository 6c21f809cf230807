import type { SentencePieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import { widthOf } from "../collections/utf8.ts";
import type { Piece } from "./model.ts";
import type { Segmenter, Segments } from "./segmenter.ts";
import { piecesInText } from "./sentencepiece-pieces.ts";

/** The char model of SentencePiece: a token for each character, or user-defined symbol. */
export class SentencePieceChar implements Segmenter {
  readonly #trie: ByteTrie;
  readonly #symbols: ByteTrie;
  readonly #unkId: number;

  constructor({ pieces }: SentencePieceJson, unkId: number) {
    this.#trie = new ByteTrie(piecesInText(pieces, ["NORMAL", "USER_DEFINED", "UNUSED"]));
    this.#symbols = new ByteTrie(piecesInText(pieces, ["USER_DEFINED"]));
    this.#unkId = unkId;
  }

  segment({ bytes, start, end }: Piece, out: Segments): void {
    for (let at = start; at < end;) {
      const symbol = this.#symbols.longestMatch(bytes, at, end);
      const next = at + (symbol > 0 ? symbol : Math.min(widthOf(bytes[at]!), end - at));
      const id = this.#trie.find(bytes, at, next);
      out.push(next, id < 0 ? this.#unkId : id);
      at = next;
    }
  }
}
