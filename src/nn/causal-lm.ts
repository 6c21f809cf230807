import { gather, named, type Value } from "orrery-lm/tensor";
import type { Norm } from "./norms/norm.ts";
import {
  matrixSpec,
  nest,
  within,
  type ParameterLookup,
  type ParameterSpecs,
  type Part,
} from "./part.ts";
import type { PositionEncoding } from "./positions/position-encoding.ts";
import type { SequenceContext } from "./sequence-context.ts";
import type { TransformerBlock } from "./transformer-block.ts";

/** The parts of a {@link CausalLM}. */
export interface CausalLMOptions {
  vocabSize: number;
  /** Channels, C. */
  hiddenSize: number;
  positions: PositionEncoding;
  /** Normalizes the embeddings before the first block, as in BLOOM. */
  embeddingNorm?: Norm;
  blocks: readonly TransformerBlock[];
  /** Normalizes what the last block gives. */
  finalNorm: Norm;
  /** Whether the head's weights are the token embeddings. */
  tieWordEmbeddings: boolean;
  /** Standard deviation of the initial embeddings and head. */
  std: number;
}

/** A decoder: token embeddings, positions, blocks, a final norm and a head without bias. */
export class CausalLM implements Part {
  readonly #parts: CausalLMOptions;

  constructor(parts: CausalLMOptions) {
    this.#parts = parts;
  }

  get vocabSize(): number {
    return this.#parts.vocabSize;
  }

  /** How many positions there are; undefined if any length can be read. */
  get maxPositions(): number | undefined {
    return this.#parts.positions.maxPositions;
  }

  parameters(): ParameterSpecs {
    const {
      vocabSize,
      hiddenSize,
      positions,
      embeddingNorm,
      blocks,
      finalNorm,
      tieWordEmbeddings,
      std,
    } = this.#parts;
    const table = { weight: matrixSpec(vocabSize, hiddenSize, std) };
    return nest({
      embedding: table,
      positions: positions.parameters(),
      ...(embeddingNorm && { embeddingNorm: embeddingNorm.parameters() }),
      ...Object.fromEntries(blocks.map((block, i) => [`layers.${i}`, block.parameters()])),
      finalNorm: finalNorm.parameters(),
      ...(!tieWordEmbeddings && { head: table }),
    });
  }

  /**
   * The channels that the head reads.
   *
   * @param inputIds [B, T] int32
   * @returns [B, T, C]
   */
  hidden(lookup: ParameterLookup, inputIds: Value, context: Omit<SequenceContext, "name">): Value {
    const { positions, embeddingNorm, blocks, finalNorm } = this.#parts;
    const tokens = gather(lookup("embedding.weight"), inputIds);
    const placed =
      positions.embed?.(within(lookup, "positions"), tokens, context.positions) ?? tokens;
    const start = embeddingNorm
      ? embeddingNorm.apply(within(lookup, "embeddingNorm"), placed)
      : placed;
    const end = blocks.reduce(
      (x, block, i) =>
        block.apply(within(lookup, `layers.${i}`), x, { ...context, name: `layers.${i}` }),
      named(start, "embedding.output"),
    );
    return named(finalNorm.apply(within(lookup, "finalNorm"), end), "finalNorm.output");
  }

  /** The head's weights, [V, C]; logits are `hidden · headᵀ`. */
  head(lookup: ParameterLookup): Value {
    return lookup(this.#parts.tieWordEmbeddings ? "embedding.weight" : "head.weight");
  }
}
