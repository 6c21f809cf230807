import type { WordPieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Model, Piece } from "./model.ts";

const NONE = -1;

/**
 * `WordPiece`: takes from a word the longest token that it starts with, then the longest that goes on,
 * which is spelled with a prefix in the vocabulary, and so forth.
 *
 * A word with any part that is no token is unknown as a whole, and so is one of more than
 * `maxInputCharsPerWord` code points. Without an unknown token in the vocabulary unknown words vanish;
 * Hugging Face `tokenizers` fails there.
 *
 * @see Schuster and Nakajima 2012, Japanese and Korean Voice Search; Devlin et al. 2018, tokenization.py
 */
export class WordPiece implements Model {
  readonly #tokens: ByteTrie;
  /** The node where tokens that go on begin, or NONE: behind the prefix. */
  readonly #continuation: number;
  readonly #unkId: number;
  readonly #maxCharacters: number;
  readonly #ids = new IdBuffer();
  readonly #lengths = new IdBuffer(); // in bytes

  constructor({ vocab, unkToken, continuingSubwordPrefix, maxInputCharsPerWord }: WordPieceJson) {
    this.#tokens = new ByteTrie([...vocab].filter(([token]) => token !== ""));
    let node = 0;
    for (const byte of new TextEncoder().encode(continuingSubwordPrefix)) {
      node = node < 0 ? NONE : this.#tokens.child(node, byte);
    }
    this.#continuation = node;
    this.#unkId = vocab.get(unkToken) ?? NONE;
    this.#maxCharacters = maxInputCharsPerWord;
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    this.#cut(piece);
    out.append(this.#ids.data, 0, this.#ids.length);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    this.#cut(piece);
    out.append(this.#ids.data, 0, this.#ids.length);
    lengths.append(this.#lengths.data, 0, this.#lengths.length);
  }

  /** Writes the tokens of a word and their lengths, which are good until the next word. */
  #cut(piece: Piece): void {
    const { start, end } = piece;
    this.#ids.clear();
    this.#lengths.clear();
    if (countCharacters(piece) <= this.#maxCharacters && this.#match(piece)) return;
    this.#ids.clear();
    this.#lengths.clear();
    if (this.#unkId === NONE) return;
    this.#ids.push(this.#unkId);
    this.#lengths.push(end - start);
  }

  /** @returns false if a part of the word is no token */
  #match({ bytes, start, end }: Piece): boolean {
    const tokens = this.#tokens;
    let node = 0;
    for (let from = start; from < end;) {
      let id = NONE;
      let to = from;
      for (let i = from; i < end && node >= 0; i++) {
        node = tokens.child(node, bytes[i]!);
        const found = node < 0 ? NONE : tokens.valueOf(node);
        if (found < 0) continue;
        id = found;
        to = i + 1;
      }
      if (id < 0) return false;
      this.#ids.push(id);
      this.#lengths.push(to - from);
      from = to;
      node = this.#continuation;
    }
    return true;
  }
}

function countCharacters({ bytes, start, end }: Piece): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if ((bytes[i]! & 0xc0) !== 0x80) count++;
  }
  return count;
}
