import { AlignedText } from "../aligned-text.ts";
import type { Piece } from "../models/model.ts";
import type { PieceEncoder } from "../models/piece-encoder.ts";
import { PieceCache } from "../models/piece-cache.ts";
import { isChinese } from "../normalizers/bert.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { PreTokenizer } from "../pre-tokenizers/pre-tokenizer.ts";
import type { IdBuffer } from "../collections/id-buffer.ts";
import type { Kernel, PlaceInText } from "./kernel.ts";
import { Utf8Encoder } from "../collections/utf8-encoder.ts";
import { codePointAt, codePointBefore } from "../collections/utf8.ts";
import type { WordCuts } from "./word-cuts.ts";

const BLANK = 0x20;
const FIRST_CHINESE_LEAD = 0xe3; // of U+3400
// The grapheme clusters of these (Grapheme_Cluster_Break=Prepend) go on; and the sign of a blank.
const HOLDING: ReadonlySet<number> = new Set([
  0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0xd4e, 0x2581,
]);

/** Options of {@link WordKernel}. */
export interface WordKernelOptions {
  readonly cuts: WordCuts;
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly pieces: PieceEncoder;
}

/**
 * The kernel of tokenizers whose text can be cut at blanks: it remembers the ids of each word, as it
 * stood in the text, with the blanks before it. A new word goes through the readable pipeline.
 */
export class WordKernel implements Kernel {
  readonly #options: WordKernelOptions;
  /** By the first byte of a character: 1 if a word may start with it. */
  readonly #mayCut = new Uint8Array(256);
  readonly #words = new PieceCache();
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #utf8 = new Utf8Encoder();

  constructor(options: WordKernelOptions) {
    this.#options = options;
    for (const blank of options.cuts.leavesBlanksOut ? " \t\n\r" : " ") {
      this.#mayCut[blank.charCodeAt(0)] = 1;
    }
    if (options.cuts.cutsAtChinese) this.#mayCut.fill(1, FIRST_CHINESE_LEAD);
  }

  encode(bytes: Uint8Array, length: number, place: PlaceInText, out: IdBuffer): void {
    const word = { bytes, start: 0, end: 0 };
    if (place !== "inside") {
      // The pipeline may treat the start of a text differently.
      word.end = this.#nextCut(bytes, 0, length);
      word.start = this.#withoutBlanks(bytes, word.start, word.end);
      this.#encodeText(this.#textOf(word), place === "textStart" && word.start === 0, out);
      word.start = word.end;
    }
    while (word.start < length) {
      word.end = this.#nextCut(bytes, word.start, length);
      word.start = this.#withoutBlanks(bytes, word.start, word.end);
      if (!this.#words.recall(word, out)) this.#encodeWord(word, out);
      word.start = word.end;
    }
    this.#words.release();
  }

  lastCut(bytes: Uint8Array, length: number): number {
    let i = length - 2;
    while (i > 0 && !this.#isCut(bytes, i)) i--;
    return Math.max(i, 0);
  }

  /** Where blanks are left out anyway, one is as good as many. (A mark behind it may belong to it.) */
  #withoutBlanks(bytes: Uint8Array, start: number, end: number): number {
    if (!this.#options.cuts.leavesBlanksOut) return start;
    let from = start;
    while (from + 1 < end && isBlank(bytes[from]!) && isBlank(bytes[from + 1]!)) from++;
    return from;
  }

  #nextCut(bytes: Uint8Array, start: number, length: number): number {
    const mayCut = this.#mayCut;
    // A blank that ends the text stays with what is before it: alone it may be nothing.
    for (let i = start + 1; i < length - 1; i++) {
      if (mayCut[bytes[i]!] === 1 && this.#isCut(bytes, i)) return i;
    }
    return length;
  }

  /** Whether a run of blanks starts here, and nothing before it holds on to it; or a Chinese character. */
  #isCut(bytes: Uint8Array, position: number): boolean {
    const lead = bytes[position]!;
    if (this.#mayCut[lead] === 0) return false;
    if (lead >= 0x80) return isChinese(codePointAt(bytes, position));
    const before = bytes[position - 1]!;
    return before < 0x80 ? this.#mayCut[before] === 0 : !holdsOn(codePointBefore(bytes, position));
  }

  #encodeWord(word: Piece, out: IdBuffer): void {
    const from = out.length;
    const isBlank = word.bytes[word.start] === BLANK;
    const skipped = this.#options.cuts.dropsBlank && isBlank ? 1 : 0;
    this.#encodeText(this.#textOf({ ...word, start: word.start + skipped }), false, out);
    this.#words.keep(word, out.data, from, out.length);
  }

  #encodeText(text: string, isAtStart: boolean, out: IdBuffer): void {
    const { normalizer, preTokenizer, pieces } = this.#options;
    const whole = new AlignedText(text, isAtStart);
    const normalized = normalizer?.normalize(whole) ?? whole;
    for (const piece of preTokenizer?.split(normalized) ?? [normalized]) {
      if (piece.text === "") continue;
      const { bytes, length } = this.#utf8.encode(piece.text);
      pieces.encode({ bytes, start: 0, end: length }, out);
    }
  }

  #textOf({ bytes, start, end }: Piece): string {
    return this.#decoder.decode(bytes.subarray(start, end));
  }
}

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Whether a character belongs together with a blank behind it: "▁", and prepended marks. */
function holdsOn(codePoint: number): boolean {
  if (codePoint < 0x600) return false;
  if (codePoint >= 0x11000 && codePoint < 0x12000) return true; // some scripts have such marks
  return HOLDING.has(codePoint);
}
