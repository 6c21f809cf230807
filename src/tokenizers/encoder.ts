import { ConfigError, random } from "orrery-lm/base";
import type { PaddingJson, TruncationJson } from "orrery-lm/formats";
import { type Encoding, withOffsetUnit } from "./encodings/encoding.ts";
import { completePadding, padEncoding, padIds, paddedLength } from "./encodings/padding.ts";
import {
  type PartPair,
  completeTruncation,
  overflowingParts,
  truncateEncodings,
} from "./encodings/truncation.ts";
import { withOverflowing } from "./encodings/with-overflowing.ts";
import { mapInSlices } from "./texts/map-in-slices.ts";
import type { ScoredIds } from "./models/model.ts";
import type {
  EncodeFullOptions,
  EncodeOptions,
  PlainEncodeOptions,
  SampleOptions,
} from "./options.ts";
import type { PostProcessor } from "./post-processors/post-processor.ts";
import type { TextEncoding } from "./text-encoding.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What an {@link Encoder} is made of. */
export interface EncoderSteps {
  readonly encoding: TextEncoding;
  readonly postProcessor: PostProcessor;
  readonly vocabulary: Vocabulary;
  /** What the file says. */
  readonly truncation: TruncationJson | null;
  readonly padding: PaddingJson | null;
}

// Time and memory grow with it; SentencePiece has the same limit.
const MOST_WAYS = 1024;
// No id is as large: it stands for the text when the tokens around it are asked for.
const TEXT = 0xffffffff;

/** Texts to model inputs: tokens, then truncation, the post-processor and padding. */
export class Encoder {
  readonly #steps: EncoderSteps;

  constructor(steps: EncoderSteps) {
    this.#steps = steps;
  }

  /** How many tokens the post-processor adds to a text. */
  get addedTokenCount(): number {
    return this.#steps.postProcessor.addedTokenCount(false);
  }

  /** What the post-processor puts around a text. */
  tokensAround(addSpecialTokens: boolean): { before: Uint32Array; behind: Uint32Array } {
    const around = this.#steps.postProcessor.processIds(Uint32Array.of(TEXT), addSpecialTokens);
    const at = around.indexOf(TEXT);
    return { before: around.slice(0, at), behind: around.slice(at + 1) };
  }

  /** See {@link Tokenizer.encode}. */
  encode(text: string, options: EncodeOptions): Uint32Array {
    const ids = this.#encodeUnpadded(text, options);
    const padding = this.#padding(options);
    return padding === null ? ids : padIds(ids, paddedLength(padding, ids.length), padding);
  }

  /** See {@link Tokenizer.sample}. */
  sample(text: string, options: SampleOptions): Uint32Array {
    const { seed, dropout, alpha, nBestSize, ...encodeOptions } = options;
    if (dropout !== undefined && !(dropout >= 0 && dropout <= 1)) {
      throw new ConfigError(`Tokenizer.sample: dropout: expected 0 to 1, got ${dropout}`);
    }
    if (alpha !== undefined && !(alpha >= 0 && alpha < Infinity)) {
      throw new ConfigError(`Tokenizer.sample: alpha: expected 0 or more, got ${alpha}`);
    }
    if (nBestSize !== undefined) checkCount("Tokenizer.sample: nBestSize", nBestSize);
    const chance = { random: random(seed, "sample"), dropout, alpha, nBestSize };
    const encoding = this.#steps.encoding.sampling(chance);
    if (encoding === undefined) {
      throw new ConfigError(
        "Tokenizer.sample: this model encodes a text in one way only; there is nothing to draw",
      );
    }
    return new Encoder({ ...this.#steps, encoding }).encode(text, encodeOptions);
  }

  /** See {@link Tokenizer.nBest}. */
  nBest(
    text: string,
    count: number,
    { addSpecialTokens = true, specialTokens = "text" }: PlainEncodeOptions,
  ): ScoredIds[] {
    checkCount("Tokenizer.nBest", count);
    const best = this.#steps.encoding.nBest(text, specialTokens, count);
    if (best === undefined) {
      throw new ConfigError(
        "Tokenizer.nBest: only a unigram model has several ways to encode a text, with scores",
      );
    }
    return best.map(({ ids, score }) => ({
      ids: this.#steps.postProcessor.processIds(ids, addSpecialTokens),
      score,
    }));
  }

  #encodeUnpadded(text: string, options: EncodeOptions): Uint32Array {
    const { encoding, postProcessor } = this.#steps;
    const { addSpecialTokens = true, specialTokens = "text" } = options;
    const truncation = this.#truncation(options);
    let ids = encoding.encodeIds(text, specialTokens);
    if (truncation !== null) {
      const added = addSpecialTokens ? postProcessor.addedTokenCount(false) : 0;
      const room = Math.max(0, truncation.maxLength - added);
      if (ids.length > room) {
        const isRight = truncation.direction === "Right";
        // A copy, so that nobody who keeps these keeps all.
        ids = isRight ? ids.slice(0, room) : ids.slice(ids.length - room);
      }
    }
    return postProcessor.processIds(ids, addSpecialTokens);
  }

  /** See {@link Tokenizer.encodeFull}. */
  encodeFull(texts: readonly string[], options: EncodeFullOptions): Encoding {
    const { encoding, postProcessor, vocabulary } = this.#steps;
    const { addSpecialTokens = true, specialTokens = "text", offsetUnit = "utf16" } = options;
    const tokenOf = (id: number): string => vocabulary.tokenOf(id)!;
    const encode = (part: string): Encoding => encoding.encodeFull(part, specialTokens, tokenOf);
    const [first, second] = texts.map(encode) as [Encoding, Encoding?];
    const finish = (a: Encoding, b: Encoding | undefined): Encoding =>
      withOffsetUnit(postProcessor.process(a, b, addSpecialTokens), texts, offsetUnit);
    const truncation = this.#truncation(options);
    const padding = this.#padding(options);
    const pad = (part: Encoding): Encoding =>
      padding === null ? part : padEncoding(part, paddedLength(padding, part.ids.length), padding);
    if (truncation === null) return pad(finish(first, second));
    const addedTokens = addSpecialTokens ? postProcessor.addedTokenCount(second !== undefined) : 0;
    const parts = truncateEncodings(first, second, { ...truncation, addedTokens });
    const complete = ([a, b]: PartPair): Encoding => pad(finish(a, b));
    const kept = complete([parts.text[0]!, parts.pair?.[0]]);
    return withOverflowing(kept, () => overflowingParts(parts).map(complete));
  }

  #truncation({ truncation }: EncodeOptions): TruncationJson | null {
    if (truncation === undefined) return this.#steps.truncation;
    return truncation === false ? null : completeTruncation(truncation);
  }

  #padding({ padding }: EncodeOptions): PaddingJson | null {
    if (padding === undefined) return this.#steps.padding;
    return padding === false
      ? null
      : completePadding(padding, (token) => this.#steps.vocabulary.idOf(token));
  }

  /** See {@link Tokenizer.encodeBatch}. */
  async encodeBatch(texts: readonly string[], options: EncodeOptions): Promise<Uint32Array[]> {
    const all = await mapInSlices(texts, (text) => this.#encodeUnpadded(text, options));
    const padding = this.#padding(options);
    if (padding === null) return all;
    const longest = all.reduce((most, ids) => Math.max(most, ids.length), 0);
    return all.map((ids) => padIds(ids, paddedLength(padding, longest), padding));
  }
}

/** @throws {ConfigError} if it is no number of best ways. */
function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WAYS) return;
  throw new ConfigError(`${name}: expected a whole number from 1 to ${MOST_WAYS}, got ${count}`);
}
