/** Scaled dot-product attention, in chunks of queries. */

import { ShapeError } from "orrery-lm/base";
import { isNonNegative, subtractDimensions, type Dimension } from "../../dimension.ts";
import { cast } from "../../ops/compare.ts";
import { add, divide } from "../../ops/elementwise.ts";
import { reduceSum } from "../../ops/expand.ts";
import { iota, size } from "../../ops/iota.ts";
import { axisSize, type Value } from "../../value.ts";
import { chunkMap } from "../chunk-map.ts";
import { attend, seesItself } from "./attend.ts";
import type { AttentionOptions } from "./attention-options.ts";

/** Queries whose scores exist at a time. */
export const QUERIES_AT_A_TIME = 256;

/** Up to this many tokens the scores of a layer are kept for the backward pass, in smaller chunks. */
const KEPT_TOKENS = 512;
const KEPT_QUERIES = 128;

/**
 * `softmax(scale · q kᵀ + bias) v` over the keys that each query may see. A query with nothing to
 * see gives zeros, or what `blindRows` says. Memory grows with Tq and Tk, not with their product, and what a causal mask or a
 * window hides from a whole chunk is not computed. With a past there are no chunks.
 *
 * @returns [B, K, G, Tq, Dv]
 * @throws {ShapeError} if queries and keys do not fit, or under a causal mask there are more queries.
 * @see Vaswani et al. 2017, §3.2.1, https://arxiv.org/abs/1706.03762
 * @see Rabe & Staats 2021, https://arxiv.org/abs/2112.05682 (chunks)
 */
export function attention(options: AttentionOptions): Value {
  check(options);
  const { isCausal, window, sinkTokens = 0, prefixLengths, past } = options;
  const tokens = axisSize(options.queries, 3);
  const [perQuery, perKey, constants] = [queryParts(options), keyParts(options), others(options)];
  const names = [...perQuery, ...perKey, ...constants].map(({ name }) => name);
  const body = (queries: readonly Value[], rest: readonly Value[]): Value => {
    const parts = [...queries, ...rest];
    const chunk = new Map(names.map((name, i) => [name, parts[i]]));
    return attend(options, (name) => chunk.get(name));
  };
  const valuesOf = (parts: readonly { value: Value }[]): Value[] => parts.map(({ value }) => value);
  if (past) return body(valuesOf(perQuery), valuesOf([...perKey, ...constants]));
  const seesAllBehind = window === undefined || sinkTokens > 0;
  const hidesKeys = isCausal ? !prefixLengths : !seesAllBehind;
  const isKept = isCausal && typeof tokens === "number" && tokens <= KEPT_TOKENS;
  return chunkMap({
    chunked: perQuery,
    shared: [
      ...perKey.map(({ value, axis }) => ({ value, seenAlong: hidesKeys ? axis : undefined })),
      ...constants,
    ],
    reach: {
      behind: seesAllBehind ? undefined : window - 1,
      ahead: isCausal ? 0 : (window ?? 1) - 1,
    },
    rows: isKept ? KEPT_QUERIES : QUERIES_AT_A_TIME,
    recomputes: !isKept,
    axis: 3,
    body,
  });
}

function check({ queries, keys, isCausal, sequenceIds, past, name }: AttentionOptions): void {
  if (queries.shape.length !== 5 || axisSize(queries, -1) !== axisSize(keys, -1)) {
    throw new ShapeError(`${name}: queries [B, K, G, Tq, D] for keys`, keys.shape, queries.shape);
  }
  const [tokens, keyCount] = [axisSize(queries, 3), axisSize(keys, 3)];
  const isOwn = past !== undefined || sequenceIds !== undefined;
  if (
    isOwn ? keyCount !== tokens : isCausal && !isNonNegative(subtractDimensions(keyCount, tokens))
  )
    throw new ShapeError(
      isOwn
        ? `${name}: with a past or packed texts, as many keys as queries`
        : `${name}: under a causal mask, keys for every query`,
      [isOwn ? tokens : `${tokens} or more`],
      [keyCount],
    );
}

/** A value that a chunk sees a part of: along `axis`, places of queries or of keys. */
interface ChunkPart {
  name: string;
  value: Value;
  axis: number;
}

function present(parts: Record<string, [Value | undefined, axis: number]>): ChunkPart[] {
  return Object.entries(parts).flatMap(([name, [value, axis]]) =>
    value ? [{ name, value, axis }] : [],
  );
}

function queryParts(options: AttentionOptions): ChunkPart[] {
  const { queries, keys, queryMask, sequenceIds, positions } = options;
  return present({
    queries: [queries, 3],
    queryIndex: [
      needsIndex(options) ? ownKeys(axisSize(queries, 3), axisSize(keys, 3)) : undefined,
      0,
    ],
    queryMask: [queryMask, 1],
    querySequences: [sequenceIds, 1],
    queryPositions: [needsPositions(options) ? positions!.queries : undefined, 1],
  });
}

function keyParts(options: AttentionOptions): ChunkPart[] {
  const { keys, values, keyMask, sequenceIds, positions } = options;
  return present({
    keys: [keys, 3],
    values: [values, 3],
    keyIndex: [needsIndex(options) ? iota(axisSize(keys, 3)) : undefined, 0],
    keyMask: [keyMask, 1],
    keySequences: [sequenceIds, 1],
    keyPositions: [needsPositions(options) ? positions!.keys : undefined, 1],
  });
}

/** What all chunks see whole. */
function others(options: AttentionOptions): Omit<ChunkPart, "axis">[] {
  const { sinks, prefixLengths, bias, valueTerm, values, blindRows } = options;
  const numbered = (name: string, values: readonly Value[] = []): Omit<ChunkPart, "axis">[] =>
    values.map((value, i) => ({ name: `${name} ${i}`, value }));
  return [
    ...numbered("sinks", sinks && [sinks]),
    ...numbered("prefixLengths", prefixLengths && [prefixLengths]),
    ...numbered("mean", blindRows === "mean" && !seesItself(options) ? [meanOf(values)] : []),
    ...numbered("bias", bias?.shared),
    ...numbered("valueTerm", valueTerm?.shared),
  ];
}

function needsIndex({ isCausal, window }: AttentionOptions): boolean {
  return isCausal || window !== undefined;
}

function needsPositions({ bias, valueTerm, sinkTokens = 0 }: AttentionOptions): boolean {
  return bias !== undefined || valueTerm !== undefined || sinkTokens > 0;
}

/** The mean over keys, [B, K, 1, 1, Dv]. */
function meanOf(values: Value): Value {
  const count = cast(size(axisSize(values, 3)), "float32");
  return divide(reduceSum(values, [3], true), count);
}

/** For each query the place of the key that is its own, [Tq] int32. */
function ownKeys(tokens: Dimension, keyCount: Dimension): Value {
  const offset = subtractDimensions(keyCount, tokens);
  if (offset === 0) return iota(tokens);
  return add(iota(tokens), cast(size(offset), "int32"));
}
