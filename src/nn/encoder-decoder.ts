import { ConfigError } from "orrery-lm/base";
import { gather, iota, reshape, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "./description.ts";
import { initializedBy, type InitializationScheme } from "./initializers/schemes.ts";
import type { LanguageHead } from "./language-head.ts";
import type { Network, NetworkInputs } from "./network.ts";
import { matrixSpec, nest, within, type ParameterLookup, type ParameterSpecs } from "./part.ts";
import type { KeyValueCache, Memory, SequenceContext } from "./sequence-context.ts";
import type { TransformerStack } from "./transformer-stack.ts";

/** The parts of an {@link EncoderDecoder}. */
export interface EncoderDecoderOptions {
  vocabSize: number;
  encoder: TransformerStack;
  decoder: TransformerStack;
  head: LanguageHead;
  /** Whether the encoder has token embeddings of its own. @default false */
  hasEncoderEmbedding?: boolean;
  /** The id of padding, whose embedding is read and not learned, as in BART. */
  paddingId?: number | undefined;
  /** Standard deviation of the initial embeddings. */
  std: number;
  /** How parameters start. @default as their parts say */
  initializers?: InitializationScheme | undefined;
}

/** What the decoder reads beside the encoder's states. */
export interface DecoderContext {
  /** Positions of the decoder's tokens, [B, U] or [1, U] int32. */
  readonly positions: Value;
  readonly memory: Memory;
  readonly cache?: KeyValueCache | undefined;
}

/**
 * The original transformer, T5 and BART: an encoder reads one text, a decoder writes another and
 * reads the encoder's states by cross-attention. Both share the token
 * embeddings, or each has its own.
 *
 * @see Vaswani et al. 2017, §3, https://arxiv.org/abs/1706.03762
 */
export class EncoderDecoder implements Network {
  readonly kind = "encoder-decoder";
  readonly tokenTypes = undefined;
  readonly vocabSize: number;
  readonly head: LanguageHead;
  readonly #encoder: TransformerStack;
  readonly #decoder: TransformerStack;
  readonly #hasEncoderEmbedding: boolean;
  readonly #paddingId: number | undefined;
  readonly #std: number;
  readonly #initializers: InitializationScheme | undefined;

  constructor(options: EncoderDecoderOptions) {
    const { vocabSize, encoder, decoder, head, paddingId, std, initializers } = options;
    this.vocabSize = vocabSize;
    this.head = head;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#hasEncoderEmbedding = options.hasEncoderEmbedding ?? false;
    this.#paddingId = paddingId;
    this.#std = std;
    this.#initializers = initializers;
  }

  /** Channels of the encoder's states, C. */
  get stateSize(): number {
    return this.#encoder.hiddenSize;
  }

  get maxPositions(): number | undefined {
    return this.#decoder.maxPositions;
  }

  parameters(): ParameterSpecs {
    const weight = matrixSpec(this.vocabSize, this.#decoder.embeddingSize, this.#std);
    const specs = nest({
      embedding: { weight },
      ...(this.#hasEncoderEmbedding && { encoderEmbedding: { weight } }),
      encoder: this.#encoder.parameters(),
      decoder: this.#decoder.parameters(),
      head: this.head.parameters(),
    });
    return initializedBy(specs, this.#initializers);
  }

  describe(): PartDescription {
    return describePart("encoder-decoder", {
      vocabSize: this.vocabSize,
      encoder: this.#encoder,
      decoder: this.#decoder,
      head: this.head,
    });
  }

  /** The encoder's states, [B, S, C]. */
  encode(
    lookup: ParameterLookup,
    inputIds: Value,
    context: Pick<SequenceContext, "positions" | "attentionMask">,
  ): Value {
    const table = this.#hasEncoderEmbedding ? "encoderEmbedding" : "embedding";
    const tokens = this.#embed(within(lookup, table), inputIds);
    return this.#encoder.apply(within(lookup, "encoder"), tokens, { ...context, name: "encoder" });
  }

  /** What the head reads, [B, U, C]. */
  decode(lookup: ParameterLookup, decoderInputIds: Value, context: DecoderContext): Value {
    const tokens = this.#embed(within(lookup, "embedding"), decoderInputIds);
    return this.#decoder.apply(within(lookup, "decoder"), tokens, { ...context, name: "decoder" });
  }

  /** @throws {ConfigError} if there is nothing for the decoder to read. */
  hidden(
    lookup: ParameterLookup,
    { inputIds, decoderInputIds, decoderPositions }: NetworkInputs,
    { positions, attentionMask, cache }: Omit<SequenceContext, "name" | "positionParameters">,
  ): Value {
    if (!decoderInputIds)
      throw new ConfigError("an encoder–decoder also reads decoderInputIds, got none");
    const states = this.encode(lookup, inputIds, { positions, attentionMask });
    const length = decoderInputIds.shape[1]!;
    return this.decode(lookup, decoderInputIds, {
      positions: decoderPositions ?? reshape(iota(length), [1, length]),
      memory: { states, mask: attentionMask },
      cache,
    });
  }

  #embed(lookup: ParameterLookup, ids: Value): Value {
    return gather(lookup("weight"), ids, { fixedRow: this.#paddingId });
  }
}
