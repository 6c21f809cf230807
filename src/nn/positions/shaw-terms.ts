import {
  addAt,
  expand,
  matmul,
  pick,
  reshape,
  scalar,
  type Dimension,
  type ScoreBias,
  type ScorePart,
  type Value,
  type ValueTerm,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import { distancePlaces } from "./distance-index.ts";
import type { RelativeScope, RelativeTerms } from "./relative-terms.ts";

/** Options of {@link ShawTerms}. */
export interface ShawTermsOptions {
  /** Channels per head, D. */
  headDim: number;
  /** Distances are clipped to [-k, k]. */
  maxDistance: number;
  /** Standard deviation of the initial tables. */
  std: number;
}

/**
 * The row of Shaw's tables for a pair of tokens.
 *
 *     clip(key - query, -k, k) + k
 */
export function shawIndex(query: number, key: number, maxDistance: number): number {
  return Math.min(Math.max(key - query, -maxDistance), maxDistance) + maxDistance;
}

/**
 * Shaw's relative positions: a learned vector for each clipped distance is added to the key, and
 * another to the value. All heads share both tables. Queries meet the 2k + 1 vectors first and
 * distances choose among the products, so that memory holds no vector for a pair.
 *
 *     score(i, j) = scale · q(i)·(k(j) + key[clip(j - i)])
 *     read(i) = Σ p(i, j) · (v(j) + value[clip(j - i)])
 *
 * @see Shaw et al. 2018, §3.1, https://arxiv.org/abs/1803.02155
 */
export class ShawTerms implements RelativeTerms {
  readonly #options: ShawTermsOptions;

  constructor(options: ShawTermsOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { headDim, maxDistance, std } = this.#options;
    const table = matrixSpec(2 * maxDistance + 1, headDim, std);
    return { "key.weight": table, "value.weight": table };
  }

  describe(): PartDescription {
    return describePart("Shaw", this.#options, "scores + q · a(distance)");
  }

  bias(lookup: ParameterLookup, { scale }: RelativeScope): ScoreBias {
    return {
      shared: [lookup("key.weight")],
      compute: (part, [table]) => {
        const products = matmul(part.queries, table!, { transposeB: true, scale });
        return pick(products, this.#places(part, products.shape));
      },
    };
  }

  read(lookup: ParameterLookup): ValueTerm {
    return {
      shared: [lookup("value.weight")],
      compute: (part, probabilities, [table]) => {
        const shape = probabilities.shape.with(-1, 2 * this.#options.maxDistance + 1);
        const zeros = expand(scalar(0), shape);
        return matmul(addAt(zeros, this.#places(part, shape), probabilities), table!);
      },
    };
  }

  /** [B, K, G, tq, tk] int32 */
  #places(part: ScorePart, shape: readonly Dimension[]): Value {
    const places = distancePlaces(part, this.#options.maxDistance);
    const [rows, queries, keys] = places.shape as [number, number, number];
    return expand(reshape(places, [rows, 1, 1, queries, keys]), [...shape.slice(0, -1), keys]);
  }
}
