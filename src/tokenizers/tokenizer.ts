import type { TokenizerConfigJson, TokenizerJson } from "orrery-lm/formats";
import { checkSpecialTokens } from "./added-tokens/added-tokens.ts";
import { DecodeStream } from "./texts/decode-stream.ts";
import type { ChatTemplateOptions, EncodedChat } from "./chat/apply-chat-template.ts";
import type { ChatMessage } from "./chat/chat-template.ts";
import { createSteps } from "./create-steps.ts";
import { createDecoder } from "./decoders/create-decoder.ts";
import type { Decoder } from "./decoders/decoder.ts";
import { type Encoding, withOffsetUnit } from "./encodings/encoding.ts";
import { EncodeStream } from "./texts/encode-stream.ts";
import { Encoder } from "./encoder.ts";
import type { Explanation } from "./explain/explanation.ts";
import type { Explainer } from "./explain/explainer.ts";
import type { LoadOptions } from "./loading/load-options.ts";
import { loadConfig } from "./loading/load-config.ts";
import { type TokenizerSource, readTokenizer } from "./loading/load.ts";
import type {
  DecodeOptions,
  EncodeFullOptions,
  EncodeOptions,
  PlainEncodeOptions,
  SampleOptions,
  SplitOptions,
} from "./options.ts";
import type { ScoredIds } from "./models/model.ts";
import { createPostProcessor } from "./post-processors/create-post-processor.ts";
import { type SaveFormat, saveTokenizer } from "./saving/save.ts";
import { type TextChunk, type TextCounting, splitText } from "./texts/split-text.ts";
import { type EncodingSteps, TextEncoding } from "./text-encoding.ts";
import { truncateText } from "./texts/truncate.ts";
import { Vocabulary, unknownIdOf } from "./vocabulary.ts";

const NO_CONFIG: TokenizerConfigJson = { chatTemplates: new Map(), specialTokens: new Map() };

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
  readonly #config: TokenizerConfigJson;
  readonly #vocabulary: Vocabulary;
  readonly #steps: EncodingSteps;
  readonly #encoding: TextEncoding;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  #explainer: Explainer | undefined;

  private constructor(
    json: TokenizerJson,
    config: TokenizerConfigJson,
    steps: EncodingSteps,
    decoder: Decoder,
  ) {
    this.#json = json;
    this.#config = config;
    this.#vocabulary = new Vocabulary(json.model, json.addedTokens, steps.normalizer);
    this.#steps = steps;
    this.#encoding = new TextEncoding(steps);
    this.#encoder = new Encoder({
      encoding: this.#encoding,
      postProcessor: createPostProcessor(json.postProcessor),
      vocabulary: this.#vocabulary,
      truncation: json.truncation,
      padding: json.padding,
    });
    this.#decoder = decoder;
  }

  /**
   * Makes the tokenizer that a file describes which was read before.
   * @param config what lies beside the file: chat templates, and which token has which role
   * @throws {FormatError} if it is broken, or has a component that is not supported.
   */
  static async create(
    json: TokenizerJson,
    config: TokenizerConfigJson = NO_CONFIG,
  ): Promise<Tokenizer> {
    const steps = await createSteps(json);
    return new Tokenizer(json, config, steps, await createDecoder(json.decoder));
  }

  /**
   * Loads a tokenizer from a file or folder, a URL, bytes, or files in memory; the format is
   * recognized by its content. A rank file needs `{ pattern, specialTokens }`.
   * @throws {ConfigError} if there is nothing to read, or an option is missing or does not apply.
   * @throws {FormatError} if it is broken, or has a component that is not supported.
   */
  static async load(source: TokenizerSource, options: LoadOptions = {}): Promise<Tokenizer> {
    return Tokenizer.create(await readTokenizer(source, options), await loadConfig(source));
  }

  /** One more than the highest id, which is how many rows an embedding needs. */
  get vocabSize(): number {
    return this.#vocabulary.size;
  }

  /** The id that stands for what the vocabulary does not have, if there is one. */
  get unknownId(): number | undefined {
    return unknownIdOf(this.#json.model);
  }

  /** The id of a token as the file spells it ("Ġthe"), or undefined. */
  tokenToId(token: string): number | undefined {
    return this.#vocabulary.idOf(token);
  }

  /** The token of an id as the file spells it, or undefined; of a `normalized` token, normalized. */
  idToToken(id: number): string | undefined {
    return this.#vocabulary.tokenOf(id);
  }

  /**
   * The ids of a text.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   * @throws {ConfigError} if the options of truncation or padding are impossible.
   */
  encode(text: string, options: EncodeOptions = {}): Uint32Array {
    return this.#encoder.encode(text, options);
  }

  /**
   * The ids of one of the ways to encode a text, drawn by chance, as subword regularization wants for
   * training: BPE passes over merges, Unigram draws by probability. `encode` never draws, whatever the
   * file says.
   * @throws {ConfigError} if the model knows one way only, or an option is impossible.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   * @see Provilkov et al. 2020, https://arxiv.org/abs/1910.13267
   * @see Kudo 2018, https://arxiv.org/abs/1804.10959
   */
  sample(text: string, options: SampleOptions): Uint32Array {
    return this.#encoder.sample(text, options);
  }

  /**
   * The best ways to encode a text, best first, at most `count`, each with its score: the logarithm of
   * its probability under the unigram model, up to a summand that all ways share. The first is, but
   * for rounding, what `encode` gives.
   * @throws {ConfigError} if the model is no unigram model, `count` is not 1 to 1024, or the text is
   * so long that its ways would not fit into memory.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  nBest(text: string, count: number, options: PlainEncodeOptions = {}): ScoredIds[] {
    return this.#encoder.nBest(text, count, options);
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
    return this.#encoder.encodeFull(pair === undefined ? [text] : [text, pair], options);
  }

  /**
   * How the ids of a text come about, for people to look at: added tokens, normalizers, the rule that
   * cut each piece, each merge in order. The ids are those of `encode`, neither cut nor padded.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  async explain(text: string, options: PlainEncodeOptions = {}): Promise<Explanation> {
    const { Explainer } = await import("./explain/explainer.ts");
    this.#explainer ??= await Explainer.create({
      json: this.#json,
      steps: this.#steps,
      vocabulary: this.#vocabulary,
      encoder: this.#encoder,
    });
    return this.#explainer.explain(text, options);
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
        const isSkipped = skipSpecialTokens && this.#steps.addedTokens.isSpecial(ids[i]!);
        if (token !== undefined && !isSkipped) tokens.push(token);
      }
      return tokens;
    });
  }

  /**
   * Encodes text that comes in portions, as when a user types; neither cut nor padded.
   * @throws {ConfigError} if `specialTokens` is none of its values.
   */
  encodeStream({
    addSpecialTokens = true,
    specialTokens = "text",
  }: PlainEncodeOptions = {}): EncodeStream {
    checkSpecialTokens(specialTokens);
    const { before, behind } = this.#encoder.tokensAround(addSpecialTokens);
    return new EncodeStream({ encoding: this.#encoding, specialTokens, before, behind });
  }

  /**
   * Renders a chat with the tokenizer's template, or one that is given, and encodes it. What users
   * say does not become a control token: only what the template itself writes does.
   * @throws {ConfigError} if there is no such template, it is not valid, or it refuses the messages.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and somebody says one.
   * @see https://huggingface.co/docs/transformers/chat_templating
   */
  async applyChatTemplate(
    messages: readonly ChatMessage[],
    options: ChatTemplateOptions = {},
  ): Promise<EncodedChat> {
    const { applyChatTemplate, chatTokenizerOf } = await import("./chat/chat.ts");
    const chat = chatTokenizerOf(this.#json, this.#steps, this.#config);
    return applyChatTemplate(chat, messages, options);
  }

  /** How many tokens `encode` gives, neither cut nor padded. */
  count(text: string, options: PlainEncodeOptions = {}): number {
    return this.encode(text, { ...options, truncation: false, padding: false }).length;
  }

  /**
   * The longest part of a text that takes at most `maxTokens`.
   * It ends (or begins) between two tokens of the whole text, never inside a character.
   * @param side which end is cut off
   * @throws {ConfigError} if `maxTokens` is not a non-negative integer, or `side` is neither.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  truncate(
    text: string,
    maxTokens: number,
    side: "left" | "right" = "right",
    options: PlainEncodeOptions = {},
  ): string {
    return truncateText(text, { ...this.#counting(options), maxTokens, side });
  }

  /**
   * Cuts a text into chunks of at most `maxTokens` each. They are cut between two tokens of the
   * whole text, never inside a character; a single character that takes more tokens is a chunk of
   * its own.
   * @throws {ConfigError} if `maxTokens` leaves no room beside the tokens that the post-processor
   * adds, or `overlap` is not below that room.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  split(text: string, { maxTokens, overlap = 0, ...options }: SplitOptions): TextChunk[] {
    return splitText(text, { ...this.#counting(options), maxTokens, overlap });
  }

  /** What those need to know who cut texts. */
  #counting({ addSpecialTokens = true, specialTokens = "text" }: PlainEncodeOptions): TextCounting {
    return {
      addedTokens: addSpecialTokens ? this.#encoder.addedTokenCount : 0,
      count: (part) => this.#encoding.encodeIds(part, specialTokens).length,
      offsets: (text) => {
        const full = this.#encoding.encodeFull(text, specialTokens, () => "");
        return withOffsetUnit(full, [text, ""], "utf16").offsets;
      },
    };
  }

  /**
   * Encodes many texts, and lets others use the thread from time to time. With padding, all become as
   * long as the longest.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and a text has one.
   * @throws {ConfigError} if the options of truncation or padding are impossible.
   */
  encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Promise<Uint32Array[]> {
    return this.#encoder.encodeBatch(texts, options);
  }

  /**
   * The files of this tokenizer, by name.
   *
   * - "tokenizer.json": loads in Hugging Face `tokenizers`; with the chat templates, if there are any
   * - "sentencepiece": `tokenizer.model`, of a SentencePiece model
   * - "tiktoken": `tokenizer.tiktoken`, the ranks of byte-level BPE; who loads it must bring the pattern
   *   and the added tokens
   * - "vocab": `vocab.json` and `merges.txt` of BPE, `vocab.txt` of WordPiece, `vocab.json` of WordLevel
   *
   * @throws {ConfigError} if the format cannot express this tokenizer.
   */
  save(format: SaveFormat): Record<string, Uint8Array> {
    return saveTokenizer(this.#json, this.#config, format);
  }
}
