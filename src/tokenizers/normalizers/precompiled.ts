import { TOKENIZER_JSON } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import { Utf8Encoder } from "../collections/utf8-encoder.ts";
import { lengthOf } from "../collections/utf8.ts";
import { graphemeEnd } from "../unicode/grapheme-clusters.ts";
import { Charsmap } from "./charsmap.ts";
import { Changes } from "./changes.ts";
import type { Normalizer } from "./normalizer.ts";

// A grapheme cluster of fewer bytes is looked up as a whole.
const LONG_CLUSTER = 6;

/**
 * `Precompiled`: SentencePiece's charsmap as Hugging Face `tokenizers` runs it. The text is taken by
 * grapheme clusters. One of less than 6 bytes is looked up first: the shortest rule that it starts
 * with stands for all of it, so that marks behind are lost ("ﬁ" with a diaeresis loses it). Of any
 * other cluster each character is looked up by itself, so rules of several characters are seldom found.
 *
 * The text differs from SentencePiece's in such places.
 */
export class PrecompiledNormalizer implements Normalizer {
  readonly #charsmap: Charsmap;
  readonly #utf8 = new Utf8Encoder();
  readonly #replacements = new Map<number, string>();

  constructor(blob: Uint8Array) {
    this.#charsmap = new Charsmap(blob, TOKENIZER_JSON);
  }

  normalize(before: AlignedText): AlignedText {
    const { text } = before;
    const { bytes } = this.#utf8.encode(text);
    const changes = new Changes(before);
    let byte = 0;
    for (let start = 0; start < text.length;) {
      const end = graphemeEnd(text, start);
      const size = utf8Size(text, start, end);
      const whole = size < LONG_CLUSTER ? this.#find(bytes, byte, byte + size) : undefined;
      if (whole !== undefined) {
        changes.replace(start, end, whole);
      } else {
        for (let i = start, at = byte; i < end;) {
          const codePoint = text.codePointAt(i)!;
          const next = i + (codePoint > 0xffff ? 2 : 1);
          const width = lengthOf(codePoint);
          const replacement = this.#find(bytes, at, at + width);
          if (replacement === undefined) changes.keep();
          else changes.replace(i, next, replacement);
          i = next;
          at += width;
        }
      }
      start = end;
      byte += size;
    }
    return changes.finish();
  }

  /** What the shortest rule makes of a text that starts with it. */
  #find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const charsmap = this.#charsmap;
    if (!charsmap.findShortest(bytes, start, end)) return undefined;
    const { replacements, matchStart, matchEnd } = charsmap;
    let text = this.#replacements.get(matchStart);
    if (text === undefined) {
      text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        replacements.subarray(matchStart, matchEnd),
      );
      this.#replacements.set(matchStart, text);
    }
    return text;
  }
}

function utf8Size(text: string, start: number, end: number): number {
  let size = 0;
  for (let i = start; i < end; i++) {
    const codePoint = text.codePointAt(i)!;
    size += lengthOf(codePoint);
    if (codePoint > 0xffff) i++;
  }
  return size;
}
