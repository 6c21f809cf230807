import {
  add,
  expand,
  matmul,
  pick,
  reshape,
  scalar,
  transpose,
  type ScoreBias,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import type { Norm } from "../norms/norm.ts";
import { matrixSpec, nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import { distanceIndex, distanceTable } from "./distance-index.ts";
import type { LearnedEmbedding } from "./learned-embedding.ts";
import type { PositionEncoding } from "./position-encoding.ts";
import type { RelativeScope, RelativeTerms } from "./relative-terms.ts";

/** Which distances have a row of their own. */
export interface DisentangledBucketOptions {
  /** Distances of half as many places have one each, larger ones share; undefined: none shares. */
  buckets: number | undefined;
  /** From this distance on all are in the last bucket. */
  maxDistance: number;
}

/**
 * The bucket of a distance, signed: small ones have one each, larger ones share, by logarithm.
 *
 *     |n| ≤ m: n        else: sign(n) · (m + ⌈ln(|n| / m) / ln((maxDistance - 1) / m) · (m - 1)⌉)
 *
 * with `m` half the number of buckets.
 *
 * @see He et al. 2021, https://arxiv.org/abs/2111.09543; the logarithm came with DeBERTa-v2
 */
export function disentangledBucket(
  distance: number,
  { buckets, maxDistance }: DisentangledBucketOptions,
): number {
  const middle = Math.floor((buckets ?? 0) / 2);
  const size = Math.abs(distance);
  if (buckets === undefined || size <= middle) return distance;
  const share = Math.log(size / middle) / Math.log((maxDistance - 1) / middle);
  // The share of a power is exact on paper: a hair above it must not fall into the bucket behind.
  return Math.sign(distance) * (middle + Math.ceil(share * (middle - 1) - 1e-9));
}

/** Options of {@link DisentangledTable}. */
export interface DisentangledTableOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Rows to each side, S. */
  span: number;
  /** Normalizes the rows. */
  norm?: Norm | undefined;
  /** Positions that are added to the embeddings as well. */
  absolute?: LearnedEmbedding | undefined;
  /** Standard deviation of the initial table. */
  std: number;
}

/** The table of distances that all layers of DeBERTa read, [2S, C]. */
export class DisentangledTable implements PositionEncoding {
  readonly #options: DisentangledTableOptions;

  constructor(options: DisentangledTableOptions) {
    this.#options = options;
  }

  get maxPositions(): number | undefined {
    return this.#options.absolute?.maxPositions;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, span, norm, absolute, std } = this.#options;
    return {
      weight: matrixSpec(2 * span, hiddenSize, std),
      ...nest({
        ...(norm && { norm: norm.parameters() }),
        ...(absolute && { absolute: absolute.parameters() }),
      }),
    };
  }

  describe(): PartDescription {
    return describePart("Disentangled distances (table)", this.#options);
  }

  embed(lookup: ParameterLookup, x: Value, positions: Value): Value {
    return this.#options.absolute?.embed(within(lookup, "absolute"), x, positions) ?? x;
  }

  /** The rows, normalized. */
  rows(lookup: ParameterLookup): Value {
    const { norm } = this.#options;
    return norm?.apply(within(lookup, "norm"), lookup("weight")) ?? lookup("weight");
  }
}

/** Options of {@link DisentangledTerms}. */
export interface DisentangledTermsOptions extends DisentangledBucketOptions {
  table: DisentangledTable;
  /** Rows to each side, S, as of the table. */
  span: number;
  hiddenSize: number;
  numHeads: number;
  /** Channels per head, D. */
  headDim: number;
  /** Whether a query asks for distances. */
  contentToPosition: boolean;
  /** Whether a distance asks for keys. */
  positionToContent: boolean;
  /** Whether rows become keys and queries by the attention's own projections. */
  sharesProjections: boolean;
  /** Standard deviation of the initial weights. */
  std: number;
}

/**
 * DeBERTa's disentangled attention: content and distance have vectors of their own, and a score is
 * the sum of content to content, content to distance and distance to content.
 *
 *     qᵢ·kⱼ + qᵢ·Wk r(i - j) + kⱼ·Wq r(i - j)
 *
 * The scale of all terms is 1 / √(terms · D); the trap is to leave out `terms`.
 *
 * @see He et al. 2020, §3.1, https://arxiv.org/abs/2006.03654
 */
export class DisentangledTerms implements RelativeTerms {
  readonly #options: DisentangledTermsOptions;

  constructor(options: DisentangledTermsOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, headDim, sharesProjections, std } = this.#options;
    if (sharesProjections) return {};
    const own = linearSpecs({
      inSize: hiddenSize,
      outSize: numHeads * headDim,
      hasBias: true,
      std,
    });
    return nest({
      ...(this.#options.contentToPosition && { key: own }),
      ...(this.#options.positionToContent && { query: own }),
    });
  }

  describe(): PartDescription {
    return describePart("Disentangled attention", this.#options, "scores + c2p + p2c");
  }

  bias(lookup: ParameterLookup, { scale, network, attention }: RelativeScope): ScoreBias {
    const { table, span, maxDistance, sharesProjections } = this.#options;
    const rows = table.rows(network);
    const project = (name: "query" | "key"): Value => {
      const { numHeads, headDim } = this.#options;
      const y = linear(within(sharesProjections ? attention : lookup, name), rows, true);
      return transpose(reshape(y, [1, 2 * span, numHeads, 1, headDim]), [0, 2, 3, 1, 4]);
    };
    const index = distanceTable(maxDistance, (offset) => {
      const bucket = disentangledBucket(-offset, this.#options);
      return Math.max(0, Math.min(2 * span - 1, bucket + span));
    });
    const { contentToPosition: forKeys, positionToContent: forQueries } = this.#options;
    return {
      shared: [...(forKeys ? [project("key")] : []), ...(forQueries ? [project("query")] : [])],
      compute(part, shared) {
        const [batch, heads, , queries] = part.queries.shape as [number, number, number, number];
        const keys = part.keys.shape[3]!;
        const places = distanceIndex(part, index); // [B, tq, tk]
        const each = reshape(places, [places.shape[0]!, 1, 1, queries, keys]);
        const spread = expand(each, [batch, heads, 1, queries, keys]);
        const terms: Value[] = [];
        if (forKeys) {
          const fits = matmul(part.queries, shared[0]!, { transposeB: true, scale });
          terms.push(pick(fits, spread));
        }
        if (forQueries) {
          const fits = matmul(part.keys, shared.at(-1)!, { transposeB: true, scale });
          const swap = (x: Value): Value => transpose(x, [0, 1, 2, 4, 3]);
          terms.push(swap(pick(fits, swap(spread)))); // [B, H, 1, tk, 2S] by key, then turned
        }
        return terms.reduce(add, scalar(0));
      },
    };
  }
}
