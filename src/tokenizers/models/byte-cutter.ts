import type { IdBuffer } from "../collections/id-buffer.ts";
import { PairTable } from "../collections/pair-table.ts";
import { codePointAt, codePointBefore, widthOf } from "../collections/utf8.ts";
import type { Piece } from "./model.ts";
import { PieceCache } from "./piece-cache.ts";

// Shorter pieces are quickly merged as they are.
const LONG_BYTES = 32;
// The table of joins takes some milliseconds; a short text must not pay for it.
const WORTH_BYTES = 1 << 14;

/** Options of {@link ByteCutter}. */
export interface ByteCutterOptions {
  /** The bytes of all tokens. */
  readonly tokens: () => Iterable<Uint8Array>;
  /** Appends the ids of a part, by merging its bytes. */
  readonly encodePart: (part: Piece, out: IdBuffer) => void;
}

/**
 * Cuts long pieces of a byte-level BPE where no token has both sides, so that no merge can cross, and
 * remembers the parts. Chinese, Japanese and Thai have such long pieces, for they have no blanks. The
 * ids are the same.
 *
 * It cuts between two characters beyond ASCII. A token may hold a part of a character; there the two
 * bytes where characters meet decide, whatever else is in the characters.
 */
export class ByteCutter {
  readonly #options: ByteCutterOptions;
  readonly #parts = new PieceCache();
  #longBytes = 0;
  #joins: Joins | undefined;

  constructor(options: ByteCutterOptions) {
    this.#options = options;
  }

  /** Appends the ids of a piece, which is UTF-8 or a part of it, by merging. */
  encode(piece: Piece, out: IdBuffer): void {
    const { bytes, start, end } = piece;
    const joins = end - start < LONG_BYTES ? undefined : this.#joinsFor(end - start);
    if (joins === undefined) {
      this.#options.encodePart(piece, out);
      return;
    }
    const part = { bytes, start, end };
    for (let i = start + 1; i < end; i++) {
      const isInside = bytes[i]! < 0xc0 || bytes[i - 1]! < 0x80;
      if (isInside || joins.areJoined(bytes, i, end)) continue;
      part.end = i;
      this.#encodePart(part, out);
      part.start = i;
    }
    part.end = end;
    this.#encodePart(part, out);
    this.#parts.release();
  }

  #encodePart(part: Piece, out: IdBuffer): void {
    if (this.#parts.recall(part, out)) return;
    const from = out.length;
    this.#options.encodePart(part, out);
    this.#parts.keep(part, out.data, from, out.length);
  }

  #joinsFor(length: number): Joins | undefined {
    this.#longBytes += length;
    if (this.#joins === undefined && this.#longBytes > WORTH_BYTES) {
      this.#joins = new Joins(this.#options.tokens());
    }
    return this.#joins;
  }
}

/** Which characters stand side by side in a token. */
class Joins {
  readonly #characters = new PairTable(1 << 14);
  /** Of two bytes: 1 if they meet in a token that has not all of the one or the other character. */
  readonly #bytes = new Uint8Array(1 << 16);

  constructor(tokens: Iterable<Uint8Array>) {
    for (const token of tokens) {
      for (let i = 1; i < token.length; i++) {
        if (token[i]! < 0xc0 || token[i - 1]! < 0x80) continue;
        if (isWhole(token, i)) {
          this.#characters.intern(codePointBefore(token, i), codePointAt(token, i));
        } else {
          this.#bytes[(token[i - 1]! << 8) | token[i]!] = 1;
        }
      }
    }
  }

  /** @param position where a character begins, behind another one */
  areJoined(bytes: Uint8Array, position: number, end: number): boolean {
    if (this.#bytes[(bytes[position - 1]! << 8) | bytes[position]!] === 1) return true;
    if (!isWhole(bytes, position, end)) return true;
    return (
      this.#characters.find(codePointBefore(bytes, position), codePointAt(bytes, position)) >= 0
    );
  }
}

/** Whether the characters on both sides of a place are complete. */
function isWhole(bytes: Uint8Array, position: number, end: number = bytes.length): boolean {
  if (position + widthOf(bytes[position]!) > end) return false;
  let start = position - 1;
  while (start > 0 && (bytes[start]! & 0xc0) === 0x80) start--;
  return bytes[start]! >= 0xc0 && start + widthOf(bytes[start]!) === position;
}
