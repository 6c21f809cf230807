/** Scaled dot-product attention, in chunks of queries. */

import { ShapeError } from "orrery-lm/base";
import { isNonNegative, subtractDimensions, type Dimension } from "../dimension.ts";
import { and, cast, lessOrEqual } from "../ops/compare.ts";
import { constant } from "../ops/constant.ts";
import { add, multiply, subtract } from "../ops/elementwise.ts";
import { reduceSum, sumTo } from "../ops/expand.ts";
import { iota, size } from "../ops/iota.ts";
import { matmul } from "../ops/matmul.ts";
import { reshape } from "../ops/reshape.ts";
import { axisSize, makeValue, named, type Operation, type Value } from "../value.ts";
import { chunkMap } from "./chunk-map.ts";
import { maskedSoftmax } from "./masked-softmax.ts";

/** Queries whose scores exist at a time. */
export const QUERIES_AT_A_TIME = 256;

/** Up to this many tokens the scores of a layer are kept for the backward pass, in smaller chunks. */
const KEPT_TOKENS = 512;
const KEPT_QUERIES = 128;

/** What a bias on scores can be made of: a chunk of queries, and the keys that they may see. */
export interface ScorePart {
  /** [B, K, G, tq, D] */
  readonly queries: Value;
  /** [B, K, 1, tk, D] */
  readonly keys: Value;
  /** [B, tq] or [1, tq] int32 */
  readonly queryPositions: Value;
  /** [B, tk] or [1, tk] int32 */
  readonly keyPositions: Value;
}

/** Adds to attention scores. */
export interface ScoreBias {
  /** Values that `compute` reads beside its part, such as a table of parameters. */
  readonly shared: readonly Value[];
  /**
   * What to add to the scaled scores; broadcasts to [B, K, G, tq, tk].
   *
   * @param shared the values of `shared`, as they are within a chunk
   */
  compute(part: ScorePart, shared: readonly Value[]): Value;
}

/** Keys and values of earlier tokens: buffers of P places, of which the first `length` are filled. */
export interface PastOptions {
  /** [B, K, 1, P, D] */
  keys: Value;
  /** [B, K, 1, P, D] */
  values: Value;
  /** Which places hold a real token, [B, P] bool. */
  mask: Value;
  /** Position of each key, [B, P] int32; a bias reads them. */
  positions: Value;
  /** How many places are filled, [1] int32: the first new query stands behind them. */
  length: Value;
}

/** What {@link attention} needs. */
export interface AttentionOptions {
  /** [B, K, G, Tq, D]: G query heads for each of K key/value heads. */
  queries: Value;
  /** [B, K, 1, Tk, D] */
  keys: Value;
  /** [B, K, 1, Tk, Dv] */
  values: Value;
  /** Multiplies the scores; 1/√D by custom. */
  scale: number;
  /** Whether query i of Tq sees only the keys up to i + Tk - Tq. */
  isCausal: boolean;
  /** Query i sees only keys less than `window` places away: behind it, or to both sides without a causal mask. */
  window?: number | undefined;
  /** [B, Tk] bool: which keys may be seen; undefined: all. */
  keyMask?: Value | undefined;
  /** Which text each token of a packed row belongs to, [B, T] int32; queries see keys of their own. */
  sequenceIds?: Value | undefined;
  /** Bounds the scores, bias included: `cap · tanh(scores / cap)`. */
  softCap?: number | undefined;
  /** A score for seeing nothing, which takes its share of each softmax: [1, K, G, 1, 1]. */
  sinks?: Value | undefined;
  bias?: ScoreBias | undefined;
  /** Positions of queries [B, Tq] and keys [B, Tk], int32; needed for a bias. */
  positions?: { queries: Value; keys: Value } | undefined;
  /** Earlier keys, which all queries may see. */
  past?: PastOptions | undefined;
  /** Prefix of the names that `capture` finds: `scores` and `probabilities`. */
  name: string;
}

/**
 * `softmax(scale · q kᵀ + bias) v` over the keys that each query may see. A query with nothing to
 * see gives zeros. Memory grows with Tq and Tk, not with their product, and what the causal mask
 * hides beyond a chunk is not computed.
 *
 * @returns [B, K, G, Tq, D]
 * @throws {ShapeError} if queries and keys do not fit, or under a causal mask there are more queries.
 * @see Vaswani et al. 2017, §3.2.1, https://arxiv.org/abs/1706.03762
 * @see Rabe & Staats 2021, https://arxiv.org/abs/2112.05682 (chunks)
 */
export function attention(options: AttentionOptions): Value {
  const { queries, keys, values, scale, isCausal, keyMask, bias, positions, name } = options;
  if (queries.shape.length !== 5 || axisSize(queries, -1) !== axisSize(keys, -1)) {
    throw new ShapeError(`${name}: queries [B, K, G, Tq, D] for keys`, keys.shape, queries.shape);
  }
  const growing = isCausal ? 3 : undefined;
  const tokens = axisSize(queries, 3);
  const keyCount = axisSize(keys, 3);
  if (isCausal && !isNonNegative(subtractDimensions(keyCount, tokens))) {
    throw new ShapeError(
      `${name}: under a causal mask, keys for every query`,
      [`${tokens} or more`],
      [keyCount],
    );
  }
  const rest: { value: Value; growsAlong?: number | undefined }[] = [];
  if (isCausal) rest.push({ value: iota(keyCount), growsAlong: 0 });
  if (keyMask) rest.push({ value: keyMask, growsAlong: isCausal ? 1 : undefined });
  if (bias) rest.push({ value: positions!.keys, growsAlong: isCausal ? 1 : undefined });
  const isKept = isCausal && typeof tokens === "number" && tokens <= KEPT_TOKENS;
  return chunkMap({
    chunked: [
      { value: queries, axis: 3 },
      ...(isCausal ? [{ value: lastSeenKey(tokens, keyCount), axis: 0 }] : []),
      ...(bias ? [{ value: positions!.queries, axis: 1 }] : []),
    ],
    shared: [
      { value: keys, growsAlong: growing },
      { value: values, growsAlong: growing },
      ...rest,
      ...(bias?.shared ?? []).map((value) => ({ value })),
    ],
    rows: isKept ? KEPT_QUERIES : QUERIES_AT_A_TIME,
    recomputes: !isKept,
    axis: 3,
    body([q, ...perQuery], [k, v, ...perKey]) {
      const limit = isCausal ? perQuery.shift() : undefined;
      const index = isCausal ? perKey.shift() : undefined;
      const mask = keyMask ? perKey.shift() : undefined;
      let scores = matmul(q!, k!, { transposeB: true, scale });
      if (bias) {
        const [keyPositions, ...shared] = perKey;
        const part = {
          queries: q!,
          keys: k!,
          queryPositions: perQuery[0]!,
          keyPositions: keyPositions!,
        };
        scores = add(scores, bias.compute(part, shared));
      }
      scores = named(scores, `${name}.scores`);
      const visible = visibility(limit, index, mask) ?? constant([1], [1], "bool");
      const attributes = { everyRowSees: keyMask === undefined, name };
      return makeValue(weightedSumOperation, [scores, visible, v!], attributes);
    },
  });
}

/** Inputs: scores [..., Tq, Tk], mask, values [..., Tk, D]. Its gradient needs no sum over keys. */
const weightedSumOperation: Operation<{ everyRowSees: boolean; name: string }> = {
  name: "weightedSum",
  infer: ([scores, , values]) => ({
    shape: matmul(scores!, values!).shape,
    dtype: "float32",
  }),
  define([scores, mask, values], { everyRowSees, name }) {
    const weights = maskedSoftmax(scores!, mask!, everyRowSees);
    return matmul(named(weights, `${name}.probabilities`), values!);
  },
  gradient(node, dy) {
    const [scores, mask, values] = node.inputs;
    const weights = maskedSoftmax(scores!, mask!, node.attributes.everyRowSees);
    // Σ over keys of weights · (dy vᵀ) equals Σ over channels of dy · y, which is narrow.
    const total = reduceSum(multiply(dy, node), [-1], true);
    const dScores = multiply(weights, subtract(matmul(dy, values!, { transposeB: true }), total));
    const dValues = matmul(weights, dy, { transposeA: true });
    return [sumTo(dScores, scores!.shape), undefined, sumTo(dValues, values!.shape)];
  },
};

/** For each query the index of the last key that it may see, [Tq] int32. */
function lastSeenKey(tokens: Dimension, keyCount: Dimension): Value {
  const offset = subtractDimensions(keyCount, tokens);
  if (offset === 0) return iota(tokens);
  return add(iota(tokens), cast(size(offset), "int32"));
}

/** Which keys each query sees, broadcasting to [B, K, G, Tq, Tk]; undefined: all. */
function visibility(limit?: Value, index?: Value, mask?: Value): Value | undefined {
  const keys = mask && reshape(mask, [mask.shape[0]!, 1, 1, 1, mask.shape[1]!]);
  if (!limit || !index) return keys;
  const causal = lessOrEqual(
    reshape(index, [1, 1, 1, 1, index.shape[0]!]),
    reshape(limit, [1, 1, 1, limit.shape[0]!, 1]),
  );
  return keys ? and(causal, keys) : causal;
}
