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

/** What {@link attention} needs. */
export interface AttentionOptions {
  /** [B, K, G, Tq, D]: G query heads for each of K key/value heads. */
  queries: Value;
  /** [B, K, 1, Tk, D] */
  keys: Value;
  /** [B, K, 1, Tk, D] */
  values: Value;
  /** Multiplies the scores; 1/√D by custom. */
  scale: number;
  /** Whether query i of Tq sees only the keys up to i + Tk - Tq. */
  isCausal: boolean;
  /** [B, Tk] bool: which keys may be seen; undefined: all. */
  keyMask?: Value | undefined;
  /** Adds to the scores, from positions of queries [B, Tq] and keys [B, Tk]: [B, K, G, Tq, Tk]. */
  bias?:
    | {
        compute(queryPositions: Value, keyPositions: Value, shared: readonly Value[]): Value;
        shared: readonly Value[];
        queryPositions: Value;
        keyPositions: Value;
      }
    | undefined;
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
  const { queries, keys, values, scale, isCausal, keyMask, bias, name } = options;
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
  if (bias) rest.push({ value: bias.keyPositions, growsAlong: isCausal ? 1 : undefined });
  const isKept = isCausal && typeof tokens === "number" && tokens <= KEPT_TOKENS;
  return chunkMap({
    chunked: [
      { value: queries, axis: 3 },
      ...(isCausal ? [{ value: lastSeenKey(tokens, keyCount), axis: 0 }] : []),
      ...(bias ? [{ value: bias.queryPositions, axis: 1 }] : []),
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
        scores = add(scores, bias.compute(perQuery[0]!, keyPositions!, shared));
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
