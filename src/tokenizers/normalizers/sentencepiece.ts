import type { SentencePieceNormalizerJson } from "orrery-lm/formats";
import { SENTENCEPIECE_MODEL } from "orrery-lm/formats";
import { AlignedText, type Alignment } from "../aligned-text.ts";
import { ByteBuffer } from "../collections/byte-buffer.ts";
import { ByteTrie } from "../collections/byte-trie.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { Utf8Encoder } from "../collections/utf8-encoder.ts";
import { Charsmap } from "./charsmap.ts";
import { lengthOf, widthOf } from "../collections/utf8.ts";
import type { Normalizer } from "./normalizer.ts";

const SPACE = 0x20;
const BLANK = Uint8Array.of(0xe2, 0x96, 0x81); // "▁"
const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd); // U+FFFD
const SPACES = Uint8Array.of(SPACE);
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The normalizer of SentencePiece. At each place of the text, in bytes: a user-defined symbol stays as
 * it is, else the longest rule of the charsmap is applied, else the character is copied. Blanks become
 * "▁", and a dummy one goes in front (or behind, in suffix mode).
 *
 * Traps: with `removeExtraWhitespaces` blanks at the start go before the dummy prefix comes, so a text
 * of blanks becomes empty; "▁" at the end goes too, even if the user wrote it; and each byte that is
 * not UTF-8 (a rule may end inside a character) becomes U+FFFD. A character begins where its source
 * begins and ends where the next one begins, so what a rule makes of one character shares a place:
 * of "ﬁ" → "fi" the "f" is empty, the "i" has it all.
 *
 * @see https://github.com/google/sentencepiece/blob/master/doc/normalization.md
 */
export class SentencePieceNormalizer implements Normalizer {
  readonly #json: SentencePieceNormalizerJson;
  readonly #charsmap: Charsmap | undefined;
  readonly #symbols: ByteTrie | undefined;
  /** For each first byte: 1 if a character that starts so is copied without a look at the rules. */
  readonly #isPlain = new Uint8Array(256);
  readonly #utf8 = new Utf8Encoder();
  readonly #out = new ByteBuffer();
  readonly #origins = new IdBuffer();
  // What the place that was looked at last becomes.
  #source: Uint8Array = SPACES;
  #sourceStart = 0;
  #sourceEnd = 0;

  constructor(json: SentencePieceNormalizerJson) {
    this.#json = json;
    const { precompiledCharsmap: rules, userDefinedSymbols: symbols } = json;
    this.#charsmap = rules.length === 0 ? undefined : new Charsmap(rules, SENTENCEPIECE_MODEL);
    this.#symbols =
      symbols.length === 0 ? undefined : new ByteTrie(symbols.map((symbol, i) => [symbol, i]));
    for (let byte = 0; byte < 0x80; byte++) {
      const hasSymbol = this.#symbols !== undefined && this.#symbols.child(0, byte) >= 0;
      const isRead = byte === SPACE || hasSymbol || this.#charsmap?.hasRuleFor(byte);
      this.#isPlain[byte] = isRead ? 0 : 1;
    }
  }

  normalize(text: AlignedText): AlignedText {
    const { bytes, length } = this.#utf8.encode(text.text);
    this.#out.clear();
    const { alignment } = text;
    if (alignment === undefined) {
      this.normalizeBytes(bytes, length, this.#out);
      return new AlignedText(this.#text(), text.isAtStart);
    }
    const origins = this.#origins;
    origins.clear();
    const end = this.normalizeBytes(bytes, length, this.#out, origins);
    const normalized = this.#text();
    const places = placesOfBytes(text.text, alignment, length);
    const starts = new Int32Array(normalized.length);
    const ends = new Int32Array(normalized.length);
    let byte = 0;
    for (let i = 0; i < normalized.length;) {
      const codePoint = normalized.codePointAt(i)!;
      const nextByte = byte + lengthOf(codePoint);
      const start = places[origins.data[byte]!]!;
      const next = places[nextByte < origins.length ? origins.data[nextByte]! : end]!;
      for (const stop = i + (codePoint > 0xffff ? 2 : 1); i < stop; i++) {
        starts[i] = start;
        ends[i] = next;
      }
      byte = nextByte;
    }
    return new AlignedText(normalized, text.isAtStart, { starts, ends });
  }

  #text(): string {
    return utf8.decode(this.#out.data.subarray(0, this.#out.length));
  }

  /**
   * Appends the normalized form of `bytes[0, length)` to `out`, and to `origins`, if it is there, for
   * each byte the place of the character that it comes from.
   * @returns the place in `bytes` where the last character ends
   */
  normalizeBytes(bytes: Uint8Array, length: number, out: ByteBuffer, origins?: IdBuffer): number {
    const { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix } = this.#json;
    const blank = this.#json.escapeWhitespaces ? BLANK : SPACES;
    const from = out.length;
    let position = removeExtraWhitespaces ? this.#skipBlanks(bytes, length) : 0;
    if (position === length) return position;
    const append = (source: Uint8Array, start: number, end: number): void => {
      out.append(source, start, end);
      if (origins !== undefined) for (let i = start; i < end; i++) origins.push(position);
    };
    if (addDummyPrefix && !treatWhitespaceAsSuffix) append(blank, 0, blank.length);
    let isAfterBlank = removeExtraWhitespaces;
    while (position < length) {
      if (this.#isPlain[bytes[position]!] === 1) {
        out.push(bytes[position]!);
        origins?.push(position);
        isAfterBlank = false;
        position++;
        continue;
      }
      const consumed = this.#look(bytes, position, length);
      const source = this.#source;
      let start = this.#sourceStart;
      const end = this.#sourceEnd;
      if (isAfterBlank) while (start < end && source[start] === SPACE) start++;
      if (start < end) isAfterBlank = removeExtraWhitespaces && source[end - 1] === SPACE;
      for (; start < end; start++) {
        if (source[start] === SPACE) append(blank, 0, blank.length);
        else append(source, start, start + 1);
      }
      position += consumed;
    }
    while (removeExtraWhitespaces && endsWith(out, from, blank)) {
      out.cutTo(out.length - blank.length);
      if (origins === undefined) continue;
      origins.cutTo(origins.length - blank.length);
      position = origins.data[origins.length]!;
    }
    if (addDummyPrefix && treatWhitespaceAsSuffix) append(blank, 0, blank.length);
    return position;
  }

  /** The place behind the blanks at the start. */
  #skipBlanks(bytes: Uint8Array, length: number): number {
    let position = 0;
    while (position < length) {
      const consumed = this.#look(bytes, position, length);
      const isBlank =
        this.#sourceEnd - this.#sourceStart === 1 && this.#source[this.#sourceStart] === SPACE;
      if (!isBlank) break;
      position += consumed;
    }
    return position;
  }

  /** Finds what stands at a place and what it becomes. @returns how many bytes it is */
  #look(bytes: Uint8Array, position: number, length: number): number {
    const symbol = this.#symbols?.longestMatch(bytes, position, length) ?? 0;
    if (symbol > 0) return this.#become(bytes, position, symbol);
    const charsmap = this.#charsmap;
    if (charsmap?.findLongest(bytes, position, length)) {
      const { replacements, matchStart, matchEnd, matchLength } = charsmap;
      this.#become(replacements, matchStart, matchEnd - matchStart);
      return matchLength;
    }
    const lead = bytes[position]!;
    if ((lead & 0xc0) === 0x80) {
      this.#become(REPLACEMENT, 0, REPLACEMENT.length);
      return 1;
    }
    return this.#become(bytes, position, widthOf(lead));
  }

  #become(source: Uint8Array, start: number, length: number): number {
    this.#source = source;
    this.#sourceStart = start;
    this.#sourceEnd = start + length;
    return length;
  }
}

function endsWith(buffer: ByteBuffer, from: number, end: Uint8Array): boolean {
  const start = buffer.length - end.length;
  return start >= from && end.every((byte, i) => buffer.data[start + i] === byte);
}

/** For each byte of a text, and for its end, the place where its character begins. */
function placesOfBytes(text: string, { starts, ends }: Alignment, byteLength: number): Int32Array {
  const places = new Int32Array(byteLength + 1);
  let byte = 0;
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i)!;
    const next = byte + lengthOf(codePoint);
    places.fill(starts[i]!, byte, next);
    byte = next;
    if (codePoint > 0xffff) i++;
  }
  places[byteLength] = ends.at(-1) ?? 0;
  return places;
}
