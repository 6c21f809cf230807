import {
  add,
  linearCrossEntropy,
  matmul,
  multiply,
  scalar,
  softCapped,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "./description.ts";
import { activate, type Activation } from "./ffn/activation.ts";
import { linear, linearSpecs } from "./linear.ts";
import type { Norm } from "./norms/norm.ts";
import {
  matrixSpec,
  nest,
  vectorSpec,
  within,
  type ParameterLookup,
  type ParameterSpecs,
  type Part,
} from "./part.ts";

/** Options of {@link LanguageHead}. */
export interface LanguageHeadOptions {
  vocabSize: number;
  /** Channels that the head reads, C. */
  hiddenSize: number;
  /** Whether the weights are the token embeddings. */
  isTied: boolean;
  /** @default false */
  hasBias?: boolean;
  /** What comes before the head: in masked language models a linear layer, an activation and a norm. */
  transform?:
    | { outSize: number; activation: Activation; norm?: Norm; hasBias?: boolean }
    | undefined;
  /** Multiplies the logits. @default 1 */
  scale?: number;
  /** Bounds the logits: `cap · tanh(logits / cap)`. */
  softCap?: number | undefined;
  /** Standard deviation of the initial weights. */
  std: number;
}

/** From channels to logits over the vocabulary. */
export class LanguageHead implements Part {
  readonly #options: LanguageHeadOptions;

  constructor(options: LanguageHeadOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { vocabSize, hiddenSize, isTied, hasBias = false, transform, std } = this.#options;
    const outSize = transform?.outSize ?? hiddenSize;
    return {
      ...(transform && {
        ...nest({
          transform: linearSpecs({
            inSize: hiddenSize,
            outSize,
            hasBias: transform.hasBias ?? true,
            std,
          }),
          ...(transform.norm && { norm: transform.norm.parameters() }),
        }),
      }),
      ...(!isTied && { weight: matrixSpec(vocabSize, outSize, std) }),
      ...(hasBias && { bias: vectorSpec(vocabSize, "zeros") }),
    };
  }

  describe(): PartDescription {
    return describePart("language head", this.#options);
  }

  /**
   * @param lookup of the head's own parameters
   * @param hidden [..., C]
   * @param embedding the token embeddings, [V, C], for a tied head
   * @returns [..., V]
   */
  logits(lookup: ParameterLookup, hidden: Value, embedding: Value): Value {
    const { hasBias = false, softCap } = this.#options;
    const rows = this.#rows(lookup, hidden);
    const product = matmul(rows, this.#weight(lookup, embedding), { transposeB: true });
    const logits = hasBias ? add(product, lookup("bias")) : product;
    return softCapped(logits, softCap);
  }

  /**
   * Cross entropy of each row; the logits of all rows never exist at once.
   *
   * @param hidden [N, C]
   * @param labels [N] int32; negative: the row counts nothing
   * @param embedding as for {@link logits}
   * @returns [N] nats
   */
  losses(lookup: ParameterLookup, hidden: Value, labels: Value, embedding: Value): Value {
    const { hasBias = false, softCap } = this.#options;
    return linearCrossEntropy(this.#rows(lookup, hidden), this.#weight(lookup, embedding), labels, {
      bias: hasBias ? lookup("bias") : undefined,
      softCap,
    });
  }

  #weight(lookup: ParameterLookup, embedding: Value): Value {
    return this.#options.isTied ? embedding : lookup("weight");
  }

  #rows(lookup: ParameterLookup, hidden: Value): Value {
    const { transform, scale = 1 } = this.#options;
    const scaled = (x: Value): Value => (scale === 1 ? x : multiply(x, scalar(scale)));
    if (!transform) return scaled(hidden);
    const inner = linear(within(lookup, "transform"), hidden, transform.hasBias ?? true);
    const active = activate(transform.activation, inner);
    return scaled(transform.norm?.apply(within(lookup, "norm"), active) ?? active);
  }
}
