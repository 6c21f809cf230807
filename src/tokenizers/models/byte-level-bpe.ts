import type { BPEJson } from "orrery-lm/formats";
import { byteOfUnit, BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { ByteStringTable } from "../collections/byte-string-table.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { ByteCutter } from "./byte-cutter.ts";
import { Merger, mergesOf } from "./merger.ts";
import type { Chance, Model, Piece } from "./model.ts";

const MISSING = -1;

/**
 * `BPE` over bytes: starts from the bytes of a piece and joins neighbors, in the order in which the
 * merges were learned. Merges go by the rank of the pair, not of the token, so a token of the
 * vocabulary that no merge reaches is never produced (but for `ignoreMerges`).
 *
 * @see Sennrich et al. 2015, https://arxiv.org/abs/1508.07909
 */
export class ByteLevelBPE implements Model {
  readonly #byteIds: Int32Array; // [256], MISSING where the vocabulary has no such byte
  readonly #merger: Merger;
  readonly #unkId: number;
  readonly #fuseUnk: boolean;
  readonly #dropout: number;
  readonly #cutter: ByteCutter | undefined;
  readonly #wholePieces: { readonly table: ByteStringTable; readonly ids: IdBuffer } | undefined;

  /** @param json its tokens are spelled in the byte alphabet */
  constructor(json: BPEJson) {
    const { vocab, unkToken } = json;
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (c) => vocab.get(c) ?? MISSING);
    this.#merger = new Merger(mergesOf(json));
    this.#unkId = unkToken === null ? MISSING : (vocab.get(unkToken) ?? MISSING);
    this.#fuseUnk = json.fuseUnk;
    this.#dropout = json.dropout ?? 0;
    // An unknown stretch would not end where the piece is cut.
    this.#cutter = this.#byteIds.includes(MISSING)
      ? undefined
      : new ByteCutter({
          tokens: () => Array.from(spelledTokens(vocab), ([bytes]) => bytes),
          encodePart: (part, out) => this.#encodePart(part, out),
        });
    this.#wholePieces = json.ignoreMerges ? indexTokens(vocab) : undefined;
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    const whole = this.#wholeId(piece);
    if (whole !== MISSING) out.push(whole);
    else if (this.#cutter !== undefined) this.#cutter.encode(piece, out);
    else this.#encodePart(piece, out);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    const whole = this.#wholeId(piece);
    if (whole !== MISSING) {
      out.push(whole);
      lengths.push(piece.end - piece.start);
      return;
    }
    const merger = this.#merger;
    this.#encodePart(piece, out);
    lengths.append(merger.lengths, 0, merger.count);
  }

  samplePiece(piece: Piece, out: IdBuffer, { random, dropout = this.#dropout }: Chance): void {
    if (dropout === 0) {
      this.encodePiece(piece, out);
      return;
    }
    // A piece that is a token as a whole is treated as any other, as in the reference.
    this.#pushBytes(piece);
    this.#merger.mergeSome(dropout, random);
    out.append(this.#merger.symbols, 0, this.#merger.count);
  }

  /** The id of a piece that is a token as a whole, if that counts; else MISSING. */
  #wholeId({ bytes, start, end }: Piece): number {
    if (this.#wholePieces === undefined) return MISSING;
    const { table, ids } = this.#wholePieces;
    const number = table.find(bytes, start, end);
    return number < 0 ? MISSING : ids.data[number]!;
  }

  #encodePart(part: Piece, out: IdBuffer): void {
    const merger = this.#merger;
    this.#pushBytes(part);
    merger.merge();
    out.append(merger.symbols, 0, merger.count);
  }

  #pushBytes({ bytes, start, end }: Piece): void {
    const merger = this.#merger;
    merger.reset(end - start);
    let afterUnknown = false;
    for (let i = start; i < end; i++) {
      const known = this.#byteIds[bytes[i]!]!;
      const id = known === MISSING ? this.#unkId : known;
      if (known === MISSING && afterUnknown && this.#fuseUnk) {
        merger.lengths[merger.count - 1]! += 1;
      } else if (id !== MISSING) {
        merger.push(id, 1);
      }
      afterUnknown = known === MISSING && id !== MISSING;
    }
  }
}

// The bytes of the tokens that are spelled in the byte alphabet, with their ids.
function* spelledTokens(
  vocab: ReadonlyMap<string, number>,
): Generator<readonly [bytes: Uint8Array, id: number]> {
  for (const [token, id] of vocab) {
    const bytes = new Uint8Array(token.length);
    let isSpelled = token.length > 0;
    for (let i = 0; i < token.length; i++) {
      const byte = byteOfUnit(token.charCodeAt(i));
      isSpelled &&= byte >= 0;
      bytes[i] = byte;
    }
    if (isSpelled) yield [bytes, id];
  }
}

function indexTokens(vocab: ReadonlyMap<string, number>): {
  table: ByteStringTable;
  ids: IdBuffer;
} {
  const table = new ByteStringTable();
  const ids = new IdBuffer();
  for (const [bytes, id] of spelledTokens(vocab)) {
    table.intern(bytes, 0, bytes.length);
    ids.push(id);
  }
  return { table, ids };
}
