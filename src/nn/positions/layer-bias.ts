import type { ScoreBias } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";
import type { RelativeTerms } from "./relative-terms.ts";

/** A position encoding that adds to scores. */
export type BiasEncoding = PositionEncoding & Required<Pick<PositionEncoding, "bias">>;

/**
 * Gives each layer a position bias with parameters of its own, where T5 has one table for all.
 *
 * @see Chung et al. 2023, https://arxiv.org/abs/2304.09151 (umT5)
 */
export class LayerBias implements RelativeTerms {
  readonly #encoding: BiasEncoding;

  constructor(encoding: BiasEncoding) {
    this.#encoding = encoding;
  }

  parameters(): ParameterSpecs {
    return this.#encoding.parameters();
  }

  describe(): PartDescription {
    return describePart("a bias of each layer's own", { encoding: this.#encoding });
  }

  bias(lookup: ParameterLookup): ScoreBias {
    return this.#encoding.bias(lookup);
  }
}
