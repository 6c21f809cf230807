import { named, type Value } from "orrery-lm/tensor";
import type { SelfAttention } from "./attention/self-attention.ts";
import type { FFN } from "./ffn/ffn.ts";
import type { Norm } from "./norms/norm.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs, type Part } from "./part.ts";
import type { ResidualTopology } from "./residual.ts";
import type { SequenceContext } from "./sequence-context.ts";

/** The parts of a {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  attentionNorm: Norm;
  attention: SelfAttention;
  ffnNorm: Norm;
  ffn: FFN;
  residual: ResidualTopology;
}

/** One layer: attention, then a feed-forward network, each joined to the residual stream. */
export class TransformerBlock implements Part {
  readonly #parts: TransformerBlockOptions;

  constructor(parts: TransformerBlockOptions) {
    this.#parts = parts;
  }

  parameters(): ParameterSpecs {
    const { attentionNorm, attention, ffnNorm, ffn } = this.#parts;
    return nest({
      attentionNorm: attentionNorm.parameters(),
      attention: attention.parameters(),
      ffnNorm: ffnNorm.parameters(),
      ffn: ffn.parameters(),
    });
  }

  /** @param x [B, T, C]; @returns [B, T, C] */
  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { attentionNorm, attention, ffnNorm, ffn, residual } = this.#parts;
    const attended = residual(
      x,
      (y) => attentionNorm.apply(within(lookup, "attentionNorm"), y),
      (y) => attention.apply(within(lookup, "attention"), y, context),
    );
    const result = residual(
      attended,
      (y) => ffnNorm.apply(within(lookup, "ffnNorm"), y),
      (y) => ffn.apply(within(lookup, "ffn"), y),
    );
    return named(result, `${context.name}.output`);
  }
}
