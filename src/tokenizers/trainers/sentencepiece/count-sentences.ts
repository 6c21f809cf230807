import { ConfigError } from "orrery-lm/base";
import type { SentencePieceNormalizerJson } from "orrery-lm/formats";
import { ByteBuffer } from "../../kernels/byte-buffer.ts";
import { ByteTrie } from "../../kernels/byte-trie.ts";
import { IdBuffer } from "../../kernels/id-buffer.ts";
import type { Scanner } from "../../kernels/scanner.ts";
import { Utf8Encoder } from "../../kernels/utf8-encoder.ts";
import { SentencePieceNormalizer } from "../../normalizers/sentencepiece.ts";
import { makePauses } from "../pauses.ts";
import type { ReadingOptions, Texts } from "../training-options.ts";
import { WordCounts } from "../words/word-counts.ts";
import { RARE, SYMBOL } from "./piece-rules.ts";

/** How sentences become words. */
export interface SentencePreparation {
  /** What the texts must have been prepared by, if their words were counted before. */
  readonly name: string;
  readonly normalizer: SentencePieceNormalizerJson;
  readonly scan: Scanner;
  /** In bytes. */
  readonly maxSentenceLength: number;
  /** Of these nothing is learned. */
  readonly symbols: readonly string[];
}

/**
 * Counts the words of sentences: each text is one, without the line feed at its end. Sentences that
 * are too long, or have U+2585, which stands for rare characters, are left out, and `onProgress` is
 * told how many.
 *
 * @throws {ConfigError} if the texts are one string, or nothing is left of them.
 */
export async function countSentences(
  texts: Texts,
  preparation: SentencePreparation,
  { maxWords = Infinity, onProgress, signal }: ReadingOptions,
): Promise<WordCounts> {
  if (typeof texts === "string") {
    throw new ConfigError(
      "trainTokenizer: expected a list of texts, got one string; pass splitLines(text)",
    );
  }
  const words = new WordCounts({ preparation: preparation.name, maxWords });
  const reader = new SentenceReader(preparation, words);
  const breathe = makePauses(signal);
  let count = 0;
  const read = (text: string): Promise<void> | undefined => {
    reader.read(text);
    count++;
    onProgress?.(count, 0, reader.note);
    return breathe();
  };
  if (Symbol.asyncIterator in texts) {
    for await (const text of texts) await read(text);
  } else {
    for (const text of texts) {
      const pause = read(text);
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      if (pause !== undefined) await pause;
    }
  }
  if (words.size === 0) {
    throw new ConfigError(
      `trainTokenizer: there is nothing to learn from: ${count} texts, all empty or left out`,
    );
  }
  return words;
}

class SentenceReader {
  note = "reading";
  readonly #words: WordCounts;
  readonly #normalizer: SentencePieceNormalizer;
  readonly #scan: Scanner;
  readonly #symbols: ByteTrie;
  readonly #maxLength: number;
  readonly #utf8 = new Utf8Encoder();
  readonly #normalized = new ByteBuffer();
  readonly #masked = new ByteBuffer();
  readonly #ends = new IdBuffer();
  #tooLong = 0;
  #reserved = 0;

  constructor(preparation: SentencePreparation, words: WordCounts) {
    this.#words = words;
    this.#normalizer = new SentencePieceNormalizer(preparation.normalizer);
    this.#scan = preparation.scan;
    this.#symbols = new ByteTrie(preparation.symbols.map((symbol, i) => [symbol, i]));
    this.#maxLength = preparation.maxSentenceLength;
  }

  read(text: string): void {
    const sentence = text.endsWith("\n") ? text.slice(0, -1) : text;
    const { bytes, length } = this.#utf8.encode(sentence);
    if (length > this.#maxLength) this.#tooLong++;
    else if (sentence.includes(String.fromCodePoint(RARE))) this.#reserved++;
    else return this.#count(bytes, length);
    const parts = [
      ...(this.#tooLong > 0 ? [`${this.#tooLong} longer than ${this.#maxLength} bytes`] : []),
      ...(this.#reserved > 0 ? [`${this.#reserved} with U+2585`] : []),
    ];
    this.note = `reading (left out ${parts.join(" and ")})`;
  }

  #count(bytes: Uint8Array, length: number): void {
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
      this.#words.addOne(masked.data, start, ends.data[i]!);
      start = ends.data[i]!;
    }
  }
}
