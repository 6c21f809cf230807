import {
  cast,
  constant,
  cumulativeSum,
  equal,
  gather,
  multiply,
  not,
  subtract,
  type Value,
} from "orrery-lm/tensor";
import type { PartDescription } from "./description.ts";
import { initializedBy, type InitializationScheme } from "./initializers/schemes.ts";
import type { LanguageHead } from "./language-head.ts";
import type { Network, NetworkInputs } from "./network.ts";
import { matrixSpec, nest, type ParameterLookup, type ParameterSpecs } from "./part.ts";
import type { SequenceContext } from "./sequence-context.ts";
import type { TransformerStack } from "./transformer-stack.ts";

/** The parts of a {@link LanguageModel}. */
export interface LanguageModelOptions {
  /** Whether it predicts what comes next, or what is hidden. */
  kind: "decoder" | "encoder";
  vocabSize: number;
  stack: TransformerStack;
  head: LanguageHead;
  /** The id of padding, whose embedding is read and not learned, as in BERT. */
  paddingId?: number | undefined;
  /** Whether positions do not count padding, as in RoBERTa, where it has position -1. @default false */
  skipsPadding?: boolean | undefined;
  /** Standard deviation of the initial embeddings. */
  std: number;
  /** How parameters start. @default as their parts say */
  initializers?: InitializationScheme | undefined;
}

/** A decoder (GPT, Llama) or an encoder (BERT): token embeddings, a stack of blocks and a head. */
export class LanguageModel implements Network {
  readonly kind: "decoder" | "encoder";
  readonly vocabSize: number;
  readonly head: LanguageHead;
  readonly #stack: TransformerStack;
  readonly #paddingId: number | undefined;
  readonly #skipsPadding: boolean;
  readonly #std: number;
  readonly #initializers: InitializationScheme | undefined;

  constructor({
    kind,
    vocabSize,
    stack,
    head,
    paddingId,
    skipsPadding,
    std,
    initializers,
  }: LanguageModelOptions) {
    this.kind = kind;
    this.vocabSize = vocabSize;
    this.head = head;
    this.#stack = stack;
    this.#paddingId = paddingId;
    this.#skipsPadding = skipsPadding ?? false;
    this.#std = std;
    this.#initializers = initializers;
  }

  get maxPositions(): number | undefined {
    return this.#stack.maxPositions;
  }

  get tokenTypes(): number | undefined {
    return this.#stack.tokenTypes;
  }

  parameters(): ParameterSpecs {
    const weight = matrixSpec(this.vocabSize, this.#stack.embeddingSize, this.#std);
    const specs = {
      "embedding.weight": weight,
      ...this.#stack.parameters(),
      ...nest({ head: this.head.parameters() }),
    };
    return initializedBy(specs, this.#initializers);
  }

  describe(): PartDescription {
    const { kind, vocabSize } = this;
    const { parts, options } = this.#stack.describe();
    return {
      name: kind,
      options: { vocabSize, ...options },
      parts: { ...parts, head: this.head.describe() },
    };
  }

  positionsOf(inputIds: Value): Value | undefined {
    if (this.#paddingId === undefined || !this.#skipsPadding) return undefined;
    const isPadding = equal(inputIds, constant([this.#paddingId], [], "int32"));
    const counted = cast(not(isPadding), "int32");
    return subtract(multiply(cumulativeSum(counted), counted), constant([1], [], "int32"));
  }

  hidden(
    lookup: ParameterLookup,
    { inputIds, tokenTypeIds }: NetworkInputs,
    context: Omit<SequenceContext, "name" | "positionParameters">,
  ): Value {
    const tokens = gather(lookup("embedding.weight"), inputIds, { fixedRow: this.#paddingId });
    return this.#stack.apply(lookup, tokens, { ...context, tokenTypeIds, name: "" });
  }
}
