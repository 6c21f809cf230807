import type { ScoreBias, Value, ValueTerm } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";

/** What {@link RelativeTerms} may read beside their own parameters. */
export interface RelativeScope {
  /** What multiplies the scores. */
  readonly scale: number;
  /** The parameters of the network's position encoding. */
  readonly network: ParameterLookup;
  /** The parameters of the attention itself, for terms that share its projections. */
  readonly attention: ParameterLookup;
  /** Which of two texts a token belongs to, [B, T] int32; undefined: all belong to one. */
  readonly tokenTypeIds?: Value | undefined;
}

/** Terms that depend on what tokens say and how far apart they are: Shaw, Transformer-XL, DeBERTa. Each layer has its own parameters. */
export interface RelativeTerms extends Part {
  /**
   * Adds to attention scores, which are scaled already.
   *
   * @param lookup of the layer's parameters `attention.relative.*`
   */
  bias(lookup: ParameterLookup, scope: RelativeScope): ScoreBias;
  /** Adds to what a query reads. */
  read?(lookup: ParameterLookup): ValueTerm;
}
