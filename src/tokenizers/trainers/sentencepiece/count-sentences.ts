import type { SentencePieceNormalizerJson } from "orrery-lm/formats";
import { ByteBuffer } from "../../collections/byte-buffer.ts";
import { ByteTrie } from "../../collections/byte-trie.ts";
import { IdBuffer } from "../../collections/id-buffer.ts";
import type { Scanner } from "../../kernels/scanner.ts";
import { Utf8Encoder } from "../../collections/utf8-encoder.ts";
import { SentencePieceNormalizer } from "../../normalizers/sentencepiece.ts";
import type { WordCounts } from "../words/word-counts.ts";
import type { CountWordsOf } from "../words/word-splitter.ts";
import { RARE, SYMBOL } from "./piece-rules.ts";
import { type WordCut, makeWordScanner } from "./split-words.ts";

/** How sentences become words. */
export interface SentencePreparation {
  /** What the texts must have been prepared by, if their words were counted before. */
  readonly name: string;
  readonly normalizer: SentencePieceNormalizerJson;
  /** Where words end. */
  readonly cut: WordCut;
  /** In bytes. */
  readonly maxSentenceLength: number;
  /** Of these nothing is learned. */
  readonly symbols: readonly string[];
}

/**
 * Makes what counts the words of sentences: each text is one, without the line feed at its end.
 * Sentences that are too long, or have U+2585, which stands for rare characters, are left out; the
 * counts say how many.
 */
export function countSentences(preparation: SentencePreparation): CountWordsOf {
  const reader = new SentenceReader(preparation);
  return (text, words) => reader.read(text, words);
}

class SentenceReader {
  readonly #normalizer: SentencePieceNormalizer;
  readonly #scan: Scanner;
  readonly #symbols: ByteTrie;
  readonly #maxLength: number;
  readonly #utf8 = new Utf8Encoder();
  readonly #normalized = new ByteBuffer();
  readonly #masked = new ByteBuffer();
  readonly #ends = new IdBuffer();

  constructor(preparation: SentencePreparation) {
    this.#normalizer = new SentencePieceNormalizer(preparation.normalizer);
    this.#scan = makeWordScanner(preparation.cut);
    this.#symbols = new ByteTrie(preparation.symbols.map((symbol, i) => [symbol, i]));
    this.#maxLength = preparation.maxSentenceLength;
  }

  read(text: string, words: WordCounts): void {
    const sentence = text.endsWith("\n") ? text.slice(0, -1) : text;
    const { bytes, length } = this.#utf8.encode(sentence);
    if (length > this.#maxLength) words.noteLeftOut(`longer than ${this.#maxLength} bytes`);
    else if (sentence.includes(String.fromCodePoint(RARE))) words.noteLeftOut("with U+2585");
    else this.#count(bytes, length, words);
  }

  #count(bytes: Uint8Array, length: number, words: WordCounts): void {
    const [normalized, masked, ends] = [this.#normalized, this.#masked, this.#ends];
    normalized.clear();
    masked.clear();
    ends.clear();
    this.#normalizer.normalizeBytes(bytes, length, normalized);
    for (let at = 0; at < normalized.length;) {
      const symbol = this.#symbols.longestMatch(normalized.data, at, normalized.length);
      masked.push(symbol > 0 ? SYMBOL : normalized.data[at]!);
      at += Math.max(1, symbol);
    }
    this.#scan(masked.data, masked.length, ends);
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      words.addOne(masked.data, start, ends.data[i]!);
      start = ends.data[i]!;
    }
  }
}
