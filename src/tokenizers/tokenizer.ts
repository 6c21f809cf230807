import { ConfigError } from "orrery-lm/base";
import {
  type PaddingJson,
  TOKENIZER_JSON,
  type TokenizerJson,
  type TruncationJson,
  serializeTokenizerJson,
} from "orrery-lm/formats";
import type { AddedTokens } from "./added-tokens/added-tokens.ts";
import { DecodeStream } from "./decode-stream.ts";
import { createSteps } from "./create-steps.ts";
import { createDecoder } from "./decoders/create-decoder.ts";
import type { Decoder } from "./decoders/decoder.ts";
import { type Encoding, fromCodePoints, withOffsetUnit } from "./encodings/encoding.ts";
import { EncodeStream } from "./encode-stream.ts";
import { completePadding, padEncoding, padIds, paddedLength } from "./encodings/padding.ts";
import { combineParts, completeTruncation, truncateEncodings } from "./encodings/truncation.ts";
import type { LoadOptions } from "./load-options.ts";
import { type TokenizerSource, readTokenizer } from "./load.ts";
import type { DecodeOptions, EncodeFullOptions, EncodeOptions } from "./options.ts";
import { createPostProcessor } from "./post-processors/create-post-processor.ts";
import type { PostProcessor } from "./post-processors/post-processor.ts";
import { type TextChunk, splitText } from "./split-text.ts";
import { TextEncoding } from "./text-encoding.ts";
import { truncateText } from "./truncate.ts";
import { Vocabulary } from "./vocabulary.ts";

// How long a batch may keep the thread before it lets others work.
const SLICE_MS = 50;
// No id is as large: it stands for the text when the tokens around it are asked for.
const TEXT = 0xffffffff;

/**
 * Text to token ids and back: normalizer, pre-tokenizer, model, post-processor; then the decoder.
 *
 * User text never throws, unless special tokens are to be refused; lone surrogates become U+FFFD.
 * Ids are those of Hugging Face `tokenizers` when `specialTokens` is "match".
 *
 * @example
 * const tokenizer = await Tokenizer.load("runs/demo");
 * const ids = tokenizer.encode("Hello"); // Uint32Array
 * tokenizer.decode(ids); // "Hello"
 */
export class Tokenizer {
  readonly #json: TokenizerJson;
  readonly #vocabulary: Vocabulary;
  readonly #addedTokens: AddedTokens;
  readonly #encoding: TextEncoding;
  readonly #postProcessor: PostProcessor;
  readonly #decoder: Decoder;

  constructor(json: TokenizerJson) {
    this.#json = json;
    this.#vocabulary = new Vocabulary(json.model, json.addedTokens);
    const steps = createSteps(json);
    this.#addedTokens = steps.addedTokens;
    this.#encoding = new TextEncoding(steps);
    this.#postProcessor = createPostProcessor(json.postProcessor);
    this.#decoder = createDecoder(json.decoder);
  }

  /**
   * Loads a tokenizer from a file or folder, a URL, bytes, or files in memory; the format is
   * recognized by its content. A rank file needs `{ pattern, specialTokens }`.
   * @throws {ConfigError} if there is nothing to read, or an option is missing or does not apply.
   * @throws {FormatError} if it is broken, or has a component that is not supported.
   */
  static async load(source: TokenizerSource, options: LoadOptions = {}): Promise<Tokenizer> {
    return new Tokenizer(await readTokenizer(source, options));
  }

  /** One more than the highest id, which is how many rows an embedding needs. */
  get vocabSize(): number {
    return this.#vocabulary.size;
  }

  /** The id of a token as the file spells it ("Ġthe"), or undefined. */
  tokenToId(token: string): number | undefined {
    return this.#vocabulary.idOf(token);
  }

  /** The token of an id as the file spells it, or undefined. */
  idToToken(id: number): string | undefined {
    return this.#vocabulary.tokenOf(id);
  }

  /**
   * The ids of a text.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   * @throws {ConfigError} if the options of truncation or padding are impossible.
   */
  encode(text: string, options: EncodeOptions = {}): Uint32Array {
    const ids = this.#encodeUnpadded(text, options);
    const padding = this.#padding(options);
    return padding === null ? ids : padIds(ids, paddedLength(padding, ids.length), padding);
  }

  #encodeUnpadded(text: string, options: EncodeOptions): Uint32Array {
    const { addSpecialTokens = true, specialTokens = "text" } = options;
    const truncation = this.#truncation(options);
    let ids = this.#encoding.encodeIds(text, specialTokens);
    if (truncation !== null) {
      const added = addSpecialTokens ? this.#postProcessor.addedTokenCount(false) : 0;
      const room = Math.max(0, truncation.maxLength - added);
      if (ids.length > room) {
        const isRight = truncation.direction === "Right";
        ids = isRight ? ids.subarray(0, room) : ids.subarray(ids.length - room);
      }
    }
    return this.#postProcessor.processIds(ids, addSpecialTokens);
  }

  /**
   * Encodes a text, or a pair of texts, with tokens, offsets and masks.
   *
   * With truncation, `overflowing` has all parts that did not fit. Hugging Face `tokenizers` 0.23
   * stops reading at `maxLength` tokens and so loses most of them.
   *
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   * @throws {ConfigError} if the options of truncation or padding are impossible.
   */
  encodeFull(text: string, pair?: string, options: EncodeFullOptions = {}): Encoding {
    const { addSpecialTokens = true, specialTokens = "text", offsetUnit = "utf16" } = options;
    const tokenOf = (id: number): string => this.#vocabulary.tokenOf(id)!;
    const encode = (part: string): Encoding =>
      this.#encoding.encodeFull(part, specialTokens, tokenOf);
    const [first, second] = [encode(text), pair === undefined ? undefined : encode(pair)];
    const finish = (a: Encoding, b: Encoding | undefined): Encoding =>
      withOffsetUnit(
        this.#postProcessor.process(a, b, addSpecialTokens),
        [text, pair ?? ""],
        offsetUnit,
      );
    const truncation = this.#truncation(options);
    const padding = this.#padding(options);
    const pad = (encoding: Encoding): Encoding =>
      padding === null
        ? encoding
        : padEncoding(encoding, paddedLength(padding, encoding.ids.length), padding);
    if (truncation === null) return pad(finish(first, second));
    const addedTokens = addSpecialTokens
      ? this.#postProcessor.addedTokenCount(pair !== undefined)
      : 0;
    const parts = truncateEncodings(first, second, { ...truncation, addedTokens });
    const all = combineParts(parts).map(([a, b]) => pad(finish(a, b)));
    return { ...all[0]!, overflowing: all.slice(1) };
  }

  #truncation({ truncation }: EncodeOptions): TruncationJson | null {
    if (truncation === undefined) return this.#json.truncation;
    return truncation === false ? null : completeTruncation(truncation);
  }

  #padding({ padding }: EncodeOptions): PaddingJson | null {
    if (padding === undefined) return this.#json.padding;
    return padding === false ? null : completePadding(padding, (token) => this.tokenToId(token));
  }

  /** The text that ids stand for. Ids that no token has are left out. */
  decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    const stream = this.decodeStream(options);
    return stream.push(ids) + stream.end();
  }

  /** Decodes ids that come in portions, as when a model writes. */
  decodeStream({ skipSpecialTokens = false }: DecodeOptions = {}): DecodeStream {
    return new DecodeStream(this.#decoder.start(), (ids) => {
      const tokens: string[] = [];
      for (let i = 0; i < ids.length; i++) {
        const token = this.#vocabulary.tokenOf(ids[i]!);
        const isSkipped = skipSpecialTokens && this.#addedTokens.isSpecial(ids[i]!);
        if (token !== undefined && !isSkipped) tokens.push(token);
      }
      return tokens;
    });
  }

  /** Encodes text that comes in portions, as when a user types; neither cut nor padded. */
  encodeStream({
    addSpecialTokens = true,
    specialTokens = "text",
  }: Pick<EncodeOptions, "addSpecialTokens" | "specialTokens"> = {}): EncodeStream {
    const around = this.#postProcessor.processIds(Uint32Array.of(TEXT), addSpecialTokens);
    const at = around.indexOf(TEXT);
    return new EncodeStream({
      encoding: this.#encoding,
      specialTokens,
      before: around.slice(0, at),
      behind: around.slice(at + 1),
    });
  }

  /** How many tokens `encode` gives, neither cut nor padded. */
  count(
    text: string,
    options: Pick<EncodeOptions, "addSpecialTokens" | "specialTokens"> = {},
  ): number {
    return this.encode(text, { ...options, truncation: false, padding: false }).length;
  }

  /**
   * The longest part of a text that takes at most `maxTokens`, encoded as `encode` does by default.
   * It ends (or begins) between two tokens of the whole text, never inside a character.
   * @param side which end is cut off
   * @throws {ConfigError} if `maxTokens` is not a non-negative integer.
   */
  truncate(text: string, maxTokens: number, side: "left" | "right" = "right"): string {
    if (!Number.isInteger(maxTokens) || maxTokens < 0) {
      throw new ConfigError(`Tokenizer.truncate: maxTokens must be 0, 1, 2, …, got ${maxTokens}`);
    }
    const room = maxTokens - this.#postProcessor.addedTokenCount(false);
    const offsets = this.#utf16Offsets(text);
    return truncateText(text, { offsets, room, side, count: this.#countPlain });
  }

  /**
   * Cuts a text into chunks of at most `maxTokens` each, encoded as `encode` does by default. They
   * are cut between two tokens of the whole text, never inside a character; a single character that
   * takes more tokens is a chunk of its own.
   * @param overlap how many tokens a chunk may share with the one before
   * @throws {ConfigError} if `maxTokens` leaves no room beside the tokens that the post-processor
   * adds, or `overlap` is not below that room.
   */
  split(
    text: string,
    { maxTokens, overlap = 0 }: { readonly maxTokens: number; readonly overlap?: number },
  ): TextChunk[] {
    const room = maxTokens - this.#postProcessor.addedTokenCount(false);
    if (!Number.isInteger(room) || room < 1) {
      throw new ConfigError(
        `Tokenizer.split: maxTokens must be above ${maxTokens - room}, the tokens that are added to ` +
          `each chunk, got ${maxTokens}`,
      );
    }
    if (!Number.isInteger(overlap) || overlap < 0 || overlap >= room) {
      throw new ConfigError(`Tokenizer.split: overlap must be 0 … ${room - 1}, got ${overlap}`);
    }
    return splitText(text, {
      offsets: this.#utf16Offsets(text),
      room,
      overlap,
      count: this.#countPlain,
    });
  }

  /** Offsets of all tokens of a text, without those that the post-processor adds. */
  #utf16Offsets(text: string): readonly (readonly [number, number])[] {
    const { offsets } = this.#encoding.encodeFull(text, "text", () => "");
    const toUtf16 = fromCodePoints(text, "utf16");
    return offsets.map(([start, end]) => [toUtf16(start), toUtf16(end)] as const);
  }

  readonly #countPlain = (part: string): number => this.#encoding.encodeIds(part, "text").length;

  /**
   * Encodes many texts, and lets others use the thread from time to time. With padding, all become as
   * long as the longest.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and a text has one.
   * @throws {ConfigError} if the options of truncation or padding are impossible.
   */
  async encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Promise<Uint32Array[]> {
    const all: Uint32Array[] = [];
    let sliceStart = performance.now();
    for (const text of texts) {
      all.push(this.#encodeUnpadded(text, options));
      if (performance.now() - sliceStart < SLICE_MS) continue;
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      await new Promise((resolve) => setTimeout(resolve));
      sliceStart = performance.now();
    }
    const padding = this.#padding(options);
    if (padding === null) return all;
    const longest = all.reduce((most, ids) => Math.max(most, ids.length), 0);
    return all.map((ids) => padIds(ids, paddedLength(padding, longest), padding));
  }

  /** The files of this tokenizer, by name. `tokenizer.json` loads in Hugging Face `tokenizers`. */
  save(format: "tokenizer.json"): Record<string, Uint8Array> {
    switch (format) {
      case "tokenizer.json":
        return { [TOKENIZER_JSON]: serializeTokenizerJson(this.#json) };
    }
  }
}
