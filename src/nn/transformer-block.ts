import { named, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "./description.ts";
import type { Attention } from "./attention/attention.ts";
import type { FFN } from "./ffn/ffn.ts";
import type { Norm } from "./norms/norm.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs, type Part } from "./part.ts";
import type { Branch, ResidualTopology } from "./residuals/residual-topology.ts";
import type { SequenceContext } from "./sequence-context.ts";

/** The parts of a {@link TransformerBlock}; a norm that is left out changes nothing. */
export interface TransformerBlockOptions {
  attentionNorm?: Norm | undefined;
  attention: Attention;
  /** Normalizes what attention gives. */
  attentionOutputNorm?: Norm | undefined;
  crossAttentionNorm?: Norm | undefined;
  /** Reads the states of an encoder. */
  crossAttention?: Attention | undefined;
  ffnNorm?: Norm | undefined;
  ffn: FFN;
  /** Normalizes what the feed-forward network gives. */
  ffnOutputNorm?: Norm | undefined;
  residual: ResidualTopology;
}

/** One layer: attention, then a feed-forward network, each joined to the residual stream. */
export class TransformerBlock implements Part {
  readonly #parts: TransformerBlockOptions;

  constructor(parts: TransformerBlockOptions) {
    this.#parts = parts;
  }

  parameters(): ParameterSpecs {
    const { residual: _, ...parts } = this.#parts;
    return nest(
      Object.fromEntries(
        Object.entries(parts).flatMap(([name, part]: [string, Part | undefined]) =>
          part ? [[name, part.parameters()]] : [],
        ),
      ),
    );
  }

  describe(): PartDescription {
    return describePart("block", this.#parts);
  }

  /** @param x [B, T, C]; @returns [B, T, C] */
  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { attention, crossAttention, ffn, residual } = this.#parts;
    const branch = (
      name: "attention" | "crossAttention" | "ffn",
      sublayer: Branch["sublayer"],
    ): Branch => ({
      norm: this.#norm(lookup, `${name}Norm`),
      outputNorm: name === "crossAttention" ? (y) => y : this.#norm(lookup, `${name}OutputNorm`),
      sublayer,
    });
    const attend = (part: Attention, name: string): Branch["sublayer"] => {
      const scope = { ...context, name: `${context.name}.${name}` };
      return (y) => part.apply(within(lookup, name), y, scope);
    };
    const result = residual.join(x, [
      branch("attention", attend(attention, "attention")),
      ...(crossAttention
        ? [branch("crossAttention", attend(crossAttention, "crossAttention"))]
        : []),
      branch("ffn", (y) => ffn.apply(within(lookup, "ffn"), y, `${context.name}.ffn`)),
    ]);
    return named(result, `${context.name}.output`);
  }

  #norm(
    lookup: ParameterLookup,
    name:
      | "attentionNorm"
      | "attentionOutputNorm"
      | "crossAttentionNorm"
      | "ffnNorm"
      | "ffnOutputNorm",
  ): (x: Value) => Value {
    const norm = this.#parts[name];
    return (x) => norm?.apply(within(lookup, name), x) ?? x;
  }
}
