import type { SentencePieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import type { Piece } from "./model.ts";
import type { Segmenter, Segments } from "./segmenter.ts";
import { piecesInText } from "./sentencepiece-pieces.ts";

/**
 * The word model of SentencePiece: each "▁" begins a token, which reaches to the next one. Even in
 * suffix mode, as there.
 */
export class SentencePieceWord implements Segmenter {
  readonly #trie: ByteTrie;
  readonly #unkId: number;

  constructor({ pieces }: SentencePieceJson, unkId: number) {
    this.#trie = new ByteTrie(piecesInText(pieces, ["NORMAL", "USER_DEFINED", "UNUSED"]));
    this.#unkId = unkId;
  }

  segment({ bytes, start, end }: Piece, out: Segments): void {
    for (let from = start; from < end;) {
      let to = from + 1;
      while (to < end && !isBlankAt(bytes, to)) to++;
      const id = this.#trie.find(bytes, from, to);
      out.push(to, id < 0 ? this.#unkId : id);
      from = to;
    }
  }
}

/** Whether "▁", U+2581, starts here. */
function isBlankAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81;
}
