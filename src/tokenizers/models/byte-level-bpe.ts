import type { BPEJson } from "orrery-lm/formats";
import { byteOfUnit, BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { ByteStringTable } from "../kernels/byte-string-table.ts";
import { IdBuffer } from "../kernels/id-buffer.ts";
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
  readonly #wholePieces: { readonly table: ByteStringTable; readonly ids: IdBuffer } | undefined;

  /** @param json its tokens are spelled in the byte alphabet */
  constructor(json: BPEJson) {
    const { vocab, unkToken } = json;
    this.#byteIds = Int32Array.from(BYTE_CHARACTERS, (c) => vocab.get(c) ?? MISSING);
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
    lengths.append(row.lengths, 0, row.count);
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

  /** The row of tokens of a piece, good until the next call. */
  #merged(piece: Piece): Merger {
    const { bytes, start, end } = piece;
    const whole = this.#wholePieces?.table.find(bytes, start, end) ?? -1;
    if (whole >= 0) {
      this.#merger.reset(1);
      this.#merger.push(this.#wholePieces!.ids.data[whole]!, end - start);
    } else {
      this.#pushBytes(piece);
      this.#merger.merge();
    }
    return this.#merger;
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

/** The tokens that are spelled in the byte alphabet, by their bytes. */
function indexTokens(vocab: ReadonlyMap<string, number>): {
  table: ByteStringTable;
  ids: IdBuffer;
} {
  const table = new ByteStringTable();
  const ids = new IdBuffer();
  for (const [token, id] of vocab) {
    const bytes = Array.from({ length: token.length }, (_, i) => byteOfUnit(token.charCodeAt(i)));
    if (bytes.length === 0 || bytes.includes(-1)) continue;
    table.intern(Uint8Array.from(bytes), 0, bytes.length);
    ids.push(id);
  }
  return { table, ids };
}
