import {
  add,
  cast,
  gather,
  multiply,
  named,
  reshape,
  scalar,
  slice,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "./description.ts";
import { linear, linearSpecs } from "./linear.ts";
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

/** The parts of a {@link TransformerStack}. */
export interface TransformerStackOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Channels of the token embeddings, E. @default hiddenSize */
  embeddingSize?: number;
  /** Multiplies the token embeddings; √C in the original transformer and Gemma. @default 1 */
  embeddingScale?: number;
  /** How many token types have an embedding, as in BERT. */
  tokenTypes?: number | undefined;
  positions: PositionEncoding;
  /** Normalizes the embeddings before the first block, as in BLOOM and BERT. */
  embeddingNorm?: Norm | undefined;
  /** Whether the embeddings of padding become zeros behind that norm, as in DeBERTa. @default false */
  clearsPadding?: boolean;
  /**
   * Where embeddings of E channels become C: before positions and norm (OPT), or behind them (ALBERT).
   *
   * @default "behind"
   */
  projectionPlace?: "before" | "behind";
  /** Whether embeddings of C channels go through the projection too, as in ALBERT. @default false */
  alwaysProjects?: boolean;
  /** @default true */
  projectionHasBias?: boolean;
  blocks: readonly TransformerBlock[];
  /** Whether all layers have the numbers of the first, as in ALBERT. @default false */
  sharesLayers?: boolean;
  /** Normalizes what the last block gives. */
  finalNorm?: Norm | undefined;
  /** Standard deviation of the initial embeddings. */
  std: number;
}

/** Blocks between token embeddings and a head: positions, an embedding norm, layers, a final norm. */
export class TransformerStack implements Part {
  readonly #parts: TransformerStackOptions;

  constructor(parts: TransformerStackOptions) {
    this.#parts = parts;
  }

  get maxPositions(): number | undefined {
    return this.#parts.positions.maxPositions;
  }

  get tokenTypes(): number | undefined {
    return this.#parts.tokenTypes;
  }

  /** Channels of what the stack gives, C. */
  get hiddenSize(): number {
    return this.#parts.hiddenSize;
  }

  /** Channels of the token embeddings, E. */
  get embeddingSize(): number {
    return this.#parts.embeddingSize ?? this.#parts.hiddenSize;
  }

  get #isProjected(): boolean {
    const { alwaysProjects = false, hiddenSize } = this.#parts;
    return alwaysProjects || this.embeddingSize !== hiddenSize;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, tokenTypes, positions, embeddingNorm, blocks, finalNorm, std } =
      this.#parts;
    const { projectionPlace = "behind", projectionHasBias: hasBias = true } = this.#parts;
    const inSize = this.embeddingSize;
    const outer = projectionPlace === "before" ? hiddenSize : inSize;
    const layers = this.#parts.sharesLayers ? blocks.slice(0, 1) : blocks;
    return nest({
      ...(tokenTypes && { tokenTypes: { weight: matrixSpec(tokenTypes, outer, std) } }),
      positions: positions.parameters(),
      ...(embeddingNorm && { embeddingNorm: embeddingNorm.parameters() }),
      ...(this.#isProjected && {
        embeddingProjection: linearSpecs({ inSize, outSize: hiddenSize, hasBias, std }),
      }),
      ...Object.fromEntries(layers.map((block, i) => [`layers.${i}`, block.parameters()])),
      ...(finalNorm && { finalNorm: finalNorm.parameters() }),
    });
  }

  describe(): PartDescription {
    const { blocks, ...rest } = this.#parts;
    const layers = blocks.map((block, i) => [`layers.${i}`, block] as const);
    return describePart("stack", { ...rest, ...Object.fromEntries(layers) });
  }

  /** @param tokens embeddings [B, T, E]; @returns [B, T, C] */
  apply(lookup: ParameterLookup, tokens: Value, context: SequenceContext): Value {
    const { blocks, finalNorm, sharesLayers = false } = this.#parts;
    const scope = context.name === "" ? "" : `${context.name}.`;
    const inner = { ...context, positionParameters: within(lookup, "positions") };
    const start = this.#embed(lookup, tokens, context);
    const end = blocks.reduce(
      (x, block, i) =>
        block.apply(within(lookup, `layers.${sharesLayers ? 0 : i}`), x, {
          ...inner,
          name: `${scope}layers.${i}`,
        }),
      named(start, `${scope}embedding.output`),
    );
    const normalized = finalNorm?.apply(within(lookup, "finalNorm"), end) ?? end;
    return named(normalized, `${scope}finalNorm.output`);
  }

  #embed(
    lookup: ParameterLookup,
    tokens: Value,
    { positions: places, tokenTypeIds, attentionMask }: SequenceContext,
  ): Value {
    const { embeddingScale = 1, tokenTypes, positions, embeddingNorm } = this.#parts;
    const { projectionPlace = "behind", projectionHasBias = true, clearsPadding } = this.#parts;
    const project = (x: Value, place: "before" | "behind"): Value =>
      place === projectionPlace && this.#isProjected
        ? linear(within(lookup, "embeddingProjection"), x, projectionHasBias)
        : x;
    let x = embeddingScale === 1 ? tokens : multiply(tokens, scalar(embeddingScale));
    x = project(x, "before");
    if (tokenTypes) {
      const table = lookup("tokenTypes.weight");
      x = add(x, tokenTypeIds ? gather(table, tokenTypeIds) : firstRow(table));
    }
    x = positions.embed?.(within(lookup, "positions"), x, places) ?? x;
    x = embeddingNorm?.apply(within(lookup, "embeddingNorm"), x) ?? x;
    if (clearsPadding && attentionMask) x = multiply(x, columnOf(attentionMask));
    return project(x, "behind");
  }
}

/** [B, T] bool as [B, T, 1] float32. */
function columnOf(mask: Value): Value {
  const [batch, tokens] = mask.shape as [number, number];
  return reshape(cast(mask, "float32"), [batch, tokens, 1]);
}

function firstRow(table: Value): Value {
  return slice(table, 0, 0, 1);
}
