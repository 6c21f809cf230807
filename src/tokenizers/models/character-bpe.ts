import type { BPEJson } from "orrery-lm/formats";
import { ByteStringTable } from "../collections/byte-string-table.ts";

import { IdBuffer } from "../collections/id-buffer.ts";
import { codePointAt, widthOf } from "../collections/utf8.ts";
import { CharacterSymbols } from "./character-symbols.ts";
import { Merger, mergesOf } from "./merger.ts";
import type { Chance, Model, Piece } from "./model.ts";

const MISSING = -1;

/**
 * `BPE` over characters: starts from the characters of a piece, with the marks of their place in it,
 * and joins neighbors in the order in which the merges were learned.
 *
 * A character that is no token becomes its bytes (`<0xE4>` …) if all of them are tokens, marks
 * included, else the unknown token, else nothing. As in Hugging Face `tokenizers`, an unknown token
 * waits for the next known character, so that bytes between the two come before it.
 *
 * @see Sennrich et al. 2015, https://arxiv.org/abs/1508.07909
 */
export class CharacterBPE implements Model {
  readonly #symbols: CharacterSymbols;
  readonly #merger: Merger;
  readonly #unkId: number;
  readonly #fuseUnk: boolean;
  readonly #dropout: number;
  readonly #wholePieces: { readonly table: ByteStringTable; readonly ids: IdBuffer } | undefined;

  constructor(json: BPEJson) {
    const { vocab, unkToken } = json;
    this.#symbols = new CharacterSymbols(json);
    this.#merger = new Merger(mergesOf(json));
    this.#unkId = unkToken === null ? MISSING : (vocab.get(unkToken) ?? MISSING);
    this.#fuseUnk = json.fuseUnk;
    this.#dropout = json.dropout ?? 0;
    this.#wholePieces = json.ignoreMerges ? indexTokens(vocab) : undefined;
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    const { symbols, count } = this.#merged(piece);
    out.append(symbols, 0, count);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    const row = this.#merged(piece);
    out.append(row.symbols, 0, row.count);
    // The bytes of marks are no bytes of the piece: what goes beyond its end covers nothing.
    let left = piece.end - piece.start;
    for (let i = 0; i < row.count; i++) {
      const covered = Math.min(left, row.lengths[i]!);
      lengths.push(covered);
      left -= covered;
    }
  }

  samplePiece(piece: Piece, out: IdBuffer, { random, dropout = this.#dropout }: Chance): void {
    if (dropout === 0) {
      this.encodePiece(piece, out);
      return;
    }
    // A piece that is a token as a whole is treated as any other, as in the reference.
    this.#pushCharacters(piece);
    this.#merger.mergeSome(dropout, random);
    out.append(this.#merger.symbols, 0, this.#merger.count);
  }

  /** The row of tokens of a piece, good until the next call. */
  #merged(piece: Piece): Merger {
    const { bytes, start, end } = piece;
    const whole = this.#wholePieces?.table.find(bytes, start, end) ?? -1;
    if (whole >= 0) {
      this.#merger.reset(1);
      this.#merger.push(this.#wholePieces!.ids.data[whole]!, end - start);
    } else {
      this.#pushCharacters(piece);
      this.#merger.merge();
    }
    return this.#merger;
  }

  #pushCharacters({ bytes, start, end }: Piece): void {
    const merger = this.#merger;
    merger.reset(this.#symbols.mostSymbols(end - start));
    let unknown = 0; // bytes that the waiting unknown token covers
    for (let position = start; position < end;) {
      const width = widthOf(bytes[position]!);
      const place = { isFirst: position === start, isLast: position + width >= end };
      const id = this.#symbols.find(codePointAt(bytes, position), place);
      if (id !== undefined) {
        if (unknown > 0) merger.push(this.#unkId, unknown);
        unknown = 0;
        merger.push(id, width);
      } else if (!this.#pushBytes(bytes.subarray(position, position + width), place)) {
        if (unknown > 0 && !this.#fuseUnk) {
          merger.push(this.#unkId, unknown);
          unknown = 0;
        }
        if (this.#unkId !== MISSING) unknown += width;
      }
      position += width;
    }
    if (unknown > 0) merger.push(this.#unkId, unknown);
  }

  /** Appends the bytes of a character, if all are tokens. */
  #pushBytes(
    character: Uint8Array,
    place: { readonly isFirst: boolean; readonly isLast: boolean },
  ): boolean {
    const ids = this.#symbols.byteIds(character, place);
    for (const id of ids ?? []) this.#merger.push(id, 1);
    return ids !== undefined;
  }
}

function indexTokens(vocab: ReadonlyMap<string, number>): {
  table: ByteStringTable;
  ids: IdBuffer;
} {
  const table = new ByteStringTable();
  const ids = new IdBuffer();
  const encoder = new TextEncoder();
  for (const [token, id] of vocab) {
    const bytes = encoder.encode(token);
    // Lone surrogates become U+FFFD and may collide with a token that is spelled so.
    if (bytes.length > 0 && table.intern(bytes, 0, bytes.length) === ids.length) ids.push(id);
  }
  return { table, ids };
}
