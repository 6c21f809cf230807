import { gather, reshape, transpose, type ScoreBias } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import { distancePlaces, distanceTable } from "./distance-index.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** How distances become buckets. */
export interface T5BucketOptions {
  /** How many buckets there are, n. */
  buckets: number;
  /** From this distance on all are in the last bucket. */
  maxDistance: number;
  /** Whether keys behind the query have buckets of their own (half of them): an encoder. */
  isBidirectional: boolean;
}

/**
 * The bucket of a distance: small ones have one each, larger ones share, by logarithm.
 *
 *     n < e: n        else: min(e + ⌊ln(n / e) / ln(maxDistance / e) · (b - e)⌋, b - 1)
 *
 * with `b` buckets for a direction, `e = b / 2`, and `n` the distance to the left; keys to the
 * right have bucket 0 in a decoder, and in an encoder the second half of the buckets.
 *
 * @param offset key position minus query position
 * @see Raffel et al. 2019, §2.1, https://arxiv.org/abs/1910.10683
 */
export function t5Bucket(
  offset: number,
  { buckets, maxDistance, isBidirectional }: T5BucketOptions,
): number {
  const count = isBidirectional ? Math.floor(buckets / 2) : buckets;
  const first = isBidirectional && offset > 0 ? count : 0;
  const distance = isBidirectional ? Math.abs(offset) : Math.max(-offset, 0);
  const exact = Math.floor(count / 2);
  if (distance < exact) return first + distance;
  const share = Math.log(distance / exact) / Math.log(maxDistance / exact);
  // The share of a power is exact on paper: a hair below it must not fall into the bucket before.
  return first + Math.min(exact + Math.floor(share * (count - exact) + 1e-9), count - 1);
}

/** Options of {@link T5Bias}. */
export interface T5BiasOptions extends T5BucketOptions {
  numHeads: number;
  /** Standard deviation of the initial table. */
  std: number;
}

/**
 * T5's relative positions: each head adds to its scores a learned number for the bucket of the
 * distance. All layers share one table. T5 does not divide its scores by √D, which its
 * initialization makes up for.
 *
 *     score(i, j) + weight[bucket(j - i), h]
 *
 * @see Raffel et al. 2019, §2.1, https://arxiv.org/abs/1910.10683
 */
export class T5Bias implements PositionEncoding {
  readonly #options: T5BiasOptions;

  constructor(options: T5BiasOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { buckets, numHeads, std } = this.#options;
    return { weight: matrixSpec(buckets, numHeads, std) };
  }

  describe(): PartDescription {
    return describePart("T5 buckets", this.#options, "scores + b[bucket(distance)]");
  }

  bias(lookup: ParameterLookup): ScoreBias {
    const { maxDistance, numHeads } = this.#options;
    const buckets = distanceTable(maxDistance, (offset) => t5Bucket(offset, this.#options));
    return {
      shared: [gather(lookup("weight"), buckets)], // [2 · maxDistance + 1, H]
      compute(part, [byDistance]) {
        const each = gather(byDistance!, distancePlaces(part, maxDistance)); // [B, tq, tk, H]
        const [rows, queries, keys] = each.shape as [number, number, number, number];
        return transpose(reshape(each, [rows, 1, queries, keys, numHeads]), [0, 4, 1, 2, 3]);
      },
    };
  }
}
