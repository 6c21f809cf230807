import { FormatError } from "orrery-lm/base";
import { TIKTOKEN_RANKS, type TiktokenJson } from "orrery-lm/formats";
import { ByteStringTable } from "../collections/byte-string-table.ts";
import type { IdBuffer } from "../collections/id-buffer.ts";
import { MergeQueue, PLACES } from "./merge-queue.ts";
import { ByteCutter } from "./byte-cutter.ts";
import type { Model, Piece } from "./model.ts";

const NO_RANK = 0x7fffffff;
// Below this many parts, looking at all of them again beats keeping a queue.
const SHORT = 48;
const KEPT_STARTS = 1 << 16;
// The queue packs a rank and a place in the text into one double.
const MAX_RANKS = 2 ** 22;

/**
 * `tiktoken`: a piece that is a token gets its id; else its bytes join, two neighbors at a time, those
 * first whose bytes together are the token of the lowest rank, leftmost first.
 *
 * Unlike BPE's, the rank is that of the token, however it comes about. Look-ups go by bytes, so that no
 * table has to be built. All 256 bytes must be tokens.
 *
 * @see https://github.com/openai/tiktoken
 */
export class TiktokenModel implements Model {
  readonly #tokens: ByteStringTable;
  readonly #ranks: Int32Array; // by number in #tokens
  readonly #due = new MergeQueue();
  readonly #cutter = new ByteCutter({
    tokens: () => this.#tokenBytes(),
    encodePart: (part, out) => this.#encodeParts(part, out),
  });
  readonly #dueRanks = new Int32Array(SHORT + 1);
  #starts = new Int32Array(SHORT + 2);

  /** @throws {FormatError} if a rank is too high, two tokens are the same bytes, or a byte is no token. */
  constructor({ bytes, ends }: TiktokenJson) {
    if (ends.length > MAX_RANKS) {
      const message = `expected ranks below ${MAX_RANKS}, got ${ends.length - 1}`;
      throw new FormatError(TIKTOKEN_RANKS, message);
    }
    this.#tokens = new ByteStringTable({ size: ends.length, bytes: bytes.length });
    this.#ranks = new Int32Array(ends.length);
    let start = 0;
    for (let rank = 0; rank < ends.length; rank++) {
      const end = ends[rank]!;
      if (end === start) continue;
      const before = this.#tokens.size;
      const number = this.#tokens.intern(bytes, start, end);
      if (number < before) {
        const other = this.#ranks[number]!;
        throw new FormatError(TIKTOKEN_RANKS, `ranks ${other} and ${rank} are the same bytes`);
      }
      this.#ranks[number] = rank;
      start = end;
    }
    for (let byte = 0; byte < 256; byte++) {
      if (this.#tokens.find(Uint8Array.of(byte), 0, 1) >= 0) continue;
      throw new FormatError(
        TIKTOKEN_RANKS,
        `byte ${byte} is no token; without all 256 some texts have no tokens, and tiktoken stops`,
      );
    }
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    const whole = this.#rankOf(piece.bytes, piece.start, piece.end);
    if (whole === NO_RANK) this.#cutter.encode(piece, out);
    else out.push(whole);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    const whole = this.#rankOf(piece.bytes, piece.start, piece.end);
    if (whole === NO_RANK) {
      this.#encodeParts(piece, out, lengths);
      return;
    }
    out.push(whole);
    lengths.push(piece.end - piece.start);
  }

  *#tokenBytes(): Generator<Uint8Array> {
    for (let number = 0; number < this.#tokens.size; number++) yield this.#tokens.bytesOf(number);
  }

  #rankOf(bytes: Uint8Array, start: number, end: number): number {
    const number = this.#tokens.find(bytes, start, end);
    return number < 0 ? NO_RANK : this.#ranks[number]!;
  }

  #encodeParts(piece: Piece, out: IdBuffer, lengths?: IdBuffer): void {
    const { bytes, start, end } = piece;
    const count = end - start <= SHORT ? this.#mergeShort(piece) : this.#mergeLong(piece);
    const starts = this.#starts;
    for (let i = 0; i < count; i++) {
      out.push(this.#rankOf(bytes, starts[i]!, starts[i + 1]!));
      lengths?.push(starts[i + 1]! - starts[i]!);
    }
    if (starts.length > KEPT_STARTS) this.#starts = new Int32Array(SHORT + 2);
  }

  /** Leaves where the tokens start in `#starts`, with the end behind them, and gives their number. */
  #mergeShort({ bytes, start, end }: Piece): number {
    const starts = this.#starts;
    const ranks = this.#dueRanks; // ranks[i]: of parts i and i + 1 together
    let count = end - start;
    for (let i = 0; i <= count; i++) starts[i] = start + i;
    for (let i = 0; i + 1 < count; i++) ranks[i] = this.#rankOf(bytes, start + i, start + i + 2);
    for (;;) {
      let best = NO_RANK;
      let at = 0;
      for (let i = 0; i + 1 < count; i++) {
        if (ranks[i]! < best) {
          best = ranks[i]!;
          at = i;
        }
      }
      if (best === NO_RANK) return count;
      for (let i = at + 1; i < count; i++) {
        starts[i] = starts[i + 1]!;
        ranks[i] = ranks[i + 1]!;
      }
      count--;
      if (at > 0) ranks[at - 1] = this.#rankOf(bytes, starts[at - 1]!, starts[at + 1]!);
      if (at + 1 < count) ranks[at] = this.#rankOf(bytes, starts[at]!, starts[at + 2]!);
    }
  }

  #mergeLong({ bytes, start, end }: Piece): number {
    const count = end - start;
    const queue = this.#due;
    const next = new Int32Array(count + 1); // where the part behind the one that starts here starts
    const previous = new Int32Array(count + 1); // -1 before the first
    const due = new Int32Array(count); // the rank that the part here has with the next, or NO_RANK
    for (let i = 0; i <= count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    const offer = (at: number): void => {
      const other = next[at]!;
      const rank =
        other === count ? NO_RANK : this.#rankOf(bytes, start + at, start + next[other]!);
      due[at] = rank;
      if (rank !== NO_RANK) queue.push(rank, at);
    };
    queue.clear();
    for (let i = 0; i < count; i++) offer(i);
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const rank = Math.floor(entry / PLACES);
      const at = entry - rank * PLACES;
      // An entry is stale once either part has become another.
      if (due[at] !== rank) continue;
      const other = next[at]!;
      due[other] = NO_RANK;
      next[at] = next[other]!;
      previous[next[at]!] = at;
      if (previous[at]! >= 0) offer(previous[at]!);
      offer(at);
    }
    return this.#keepStarts(next, start, count);
  }

  /** @param next by place in the piece, where the part behind the one that starts there starts */
  #keepStarts(next: Int32Array, start: number, length: number): number {
    if (this.#starts.length <= length) this.#starts = new Int32Array(length + 1);
    let count = 0;
    for (let at = 0; at < length; at = next[at]!) this.#starts[count++] = start + at;
    this.#starts[count] = start + length;
    return count;
  }
}
