import type { ScoreBias, Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../part.ts";

/** Terms that depend on what tokens say and how far apart they are: Shaw, Transformer-XL, DeBERTa. Each layer has its own parameters. */
export interface RelativeTerms extends Part {
  /**
   * Adds to attention scores, which are scaled already.
   *
   * @param lookup of the layer's parameters
   * @param scale what multiplies the scores
   * @param network the parameters of the network's position encoding
   */
  bias(lookup: ParameterLookup, scale: number, network: ParameterLookup): ScoreBias;
  /**
   * Adds to what a query reads.
   *
   * @param probabilities [B, K, G, tq, tk]
   * @returns [B, K, G, tq, D]
   */
  read?(
    lookup: ParameterLookup,
    probabilities: Value,
    queryPositions: Value,
    keyPositions: Value,
  ): Value;
}
