import type { BPEJson } from "orrery-lm/formats";
import type { IdBuffer } from "../collections/id-buffer.ts";
import { PairTable } from "../collections/pair-table.ts";
import { codePointAt, widthOf } from "../collections/utf8.ts";
import type { CharacterBPE } from "./character-bpe.ts";
import type { Chance, Model, Piece } from "./model.ts";
import { PieceEncoder } from "./piece-encoder.ts";

// Shorter pieces are remembered as a whole.
const SHORT_BYTES = 64;

/** Whether a BPE can be cut as {@link PieceCutter} does: its tokens are spelled as their text. */
export function isCuttable(json: BPEJson): boolean {
  const hasMarks = Boolean(json.continuingSubwordPrefix) || Boolean(json.endOfWordSuffix);
  return !hasMarks && !json.ignoreMerges;
}

/**
 * Cuts long pieces for a BPE over characters where no merge can join the two sides, so that short,
 * repeated parts are encoded and remembered instead of a whole text at once. The ids are the same.
 *
 * The first merge across a boundary between the characters a and b would join a token that ends with a
 * and one that starts with b. Where no merge of the vocabulary is such, nothing crosses. Characters that
 * are no tokens have other spellings (bytes, the unknown token), so beside them nothing is cut.
 */
export class PieceCutter implements Model {
  readonly #model: CharacterBPE;
  readonly #pieces: PieceEncoder;
  readonly #json: BPEJson;
  #joins: Joins | undefined;

  constructor(model: CharacterBPE, json: BPEJson) {
    this.#model = model;
    this.#pieces = new PieceEncoder(model);
    this.#json = json;
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    this.#forEachPart(piece, (part) => this.#pieces.encode(part, out));
    this.#pieces.release();
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    this.#forEachPart(piece, (part) => this.#model.encodePieceWithLengths(part, out, lengths));
  }

  samplePiece(piece: Piece, out: IdBuffer, chance: Chance): void {
    this.#model.samplePiece(piece, out, chance);
  }

  #forEachPart({ bytes, start, end }: Piece, encode: (part: Piece) => void): void {
    const part = { bytes, start, end };
    if (end - start > SHORT_BYTES) {
      this.#joins ??= joinsOf(this.#json);
      const { characters, pairs } = this.#joins;
      let left = codePointAt(bytes, start);
      for (let position = start + widthOf(bytes[start]!); position < end;) {
        const right = codePointAt(bytes, position);
        if (pairs.find(left, right) < 0 && characters.has(left) && characters.has(right)) {
          part.end = position;
          encode(part);
          part.start = position;
        }
        left = right;
        position += widthOf(bytes[position]!);
      }
      part.end = end;
    }
    encode(part);
  }
}

interface Joins {
  /** The characters that are tokens. */
  readonly characters: ReadonlySet<number>;
  /** The last character of the left and the first of the right token of every merge. */
  readonly pairs: PairTable;
}

function joinsOf({ vocab, merges }: BPEJson): Joins {
  const characters = new Set<number>();
  for (const token of vocab.keys()) {
    const codePoint = token.codePointAt(0);
    if (codePoint !== undefined && token.length === (codePoint > 0xffff ? 2 : 1)) {
      characters.add(codePoint);
    }
  }
  const pairs = new PairTable();
  for (const [left, right] of merges) pairs.intern(lastCodePoint(left), right.codePointAt(0)!);
  return { characters, pairs };
}

function lastCodePoint(text: string): number {
  const unit = text.charCodeAt(text.length - 1);
  const isPair = unit >= 0xdc00 && unit < 0xe000 && text.length > 1;
  return isPair ? text.codePointAt(text.length - 2)! : unit;
}
