import { ConfigError } from "orrery-lm/base";
import { TOKENIZER_JSON, type TokenizerJson, serializeTokenizerJson } from "orrery-lm/formats";
import type { AddedTokens, SpecialTokens } from "./added-tokens/added-tokens.ts";
import { DecodeStream } from "./decode-stream.ts";
import { createSteps } from "./create-steps.ts";
import { createDecoder } from "./decoders/create-decoder.ts";
import type { Decoder } from "./decoders/decoder.ts";
import { type Encoding, type OffsetUnit, fromCodePoints } from "./encoding.ts";
import { type TokenizerSource, readTokenizer } from "./load.ts";
import { createPostProcessor } from "./post-processors/create-post-processor.ts";
import type { PostProcessor } from "./post-processors/post-processor.ts";
import { TextEncoding } from "./text-encoding.ts";
import { truncateText } from "./truncate.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Options of {@link Tokenizer.encode}. */
export interface EncodeOptions {
  /** Let the post-processor add its tokens, such as a start token. @default true */
  readonly addSpecialTokens?: boolean;
  /** What special tokens that stand in the text mean. @default "text" */
  readonly specialTokens?: SpecialTokens;
}

/** Options of {@link Tokenizer.encodeFull}. */
export interface EncodeFullOptions extends EncodeOptions {
  /** @default "utf16" */
  readonly offsetUnit?: OffsetUnit;
}

/** Options of {@link Tokenizer.decode}. */
export interface DecodeOptions {
  /** Leave out the tokens that the file marks as special. @default false */
  readonly skipSpecialTokens?: boolean;
}

// How long a batch may keep the thread before it lets others work.
const SLICE_MS = 50;

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
   * recognized by its content.
   * @throws {ConfigError} if there is nothing to read.
   * @throws {FormatError} if it is broken, or has a component that is not supported.
   */
  static async load(source: TokenizerSource): Promise<Tokenizer> {
    return new Tokenizer(await readTokenizer(source));
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

  /** @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one. */
  encode(
    text: string,
    { addSpecialTokens = true, specialTokens = "text" }: EncodeOptions = {},
  ): Uint32Array {
    return this.#postProcessor.processIds(
      this.#encoding.encodeIds(text, specialTokens),
      addSpecialTokens,
    );
  }

  /**
   * Encodes a text, or a pair of texts, with tokens, offsets and masks.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  encodeFull(
    text: string,
    pair?: string,
    {
      addSpecialTokens = true,
      specialTokens = "text",
      offsetUnit = "utf16",
    }: EncodeFullOptions = {},
  ): Encoding {
    const tokenOf = (id: number): string => this.#vocabulary.tokenOf(id)!;
    const parts = (pair === undefined ? [text] : [text, pair]).map((part) =>
      this.#encoding.encodeFull(part, specialTokens, tokenOf),
    );
    const encoding = this.#postProcessor.process(parts[0]!, parts[1], addSpecialTokens);
    if (offsetUnit === "codepoint") return encoding;
    const convert = [fromCodePoints(text, offsetUnit), fromCodePoints(pair ?? "", offsetUnit)];
    const offsets = encoding.offsets.map(([start, end], i): readonly [number, number] => {
      const inUnit = convert[Math.max(0, encoding.sequenceIds[i]!)]!;
      return [inUnit(start), inUnit(end)];
    });
    return { ...encoding, offsets };
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

  /** How many tokens `encode` gives. */
  count(text: string, options: EncodeOptions = {}): number {
    return this.encode(text, options).length;
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
    const full = this.#encoding.encodeFull(text, "text", () => "");
    const toUtf16 = fromCodePoints(text, "utf16");
    const offsets = full.offsets.map(([start, end]) => [toUtf16(start), toUtf16(end)] as const);
    const count = (part: string): number => this.count(part, { addSpecialTokens: false });
    return truncateText(text, { offsets, room, side, count });
  }

  /** Encodes many texts, and lets others use the thread from time to time. */
  async encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Promise<Uint32Array[]> {
    const all: Uint32Array[] = [];
    let sliceStart = performance.now();
    for (const text of texts) {
      all.push(this.encode(text, options));
      if (performance.now() - sliceStart < SLICE_MS) continue;
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      await new Promise((resolve) => setTimeout(resolve));
      sliceStart = performance.now();
    }
    return all;
  }

  /** The files of this tokenizer, by name. `tokenizer.json` loads in Hugging Face `tokenizers`. */
  save(format: "tokenizer.json"): Record<string, Uint8Array> {
    switch (format) {
      case "tokenizer.json":
        return { [TOKENIZER_JSON]: serializeTokenizerJson(this.#json) };
    }
  }
}
