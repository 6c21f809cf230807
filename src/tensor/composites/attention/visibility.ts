/** Which keys a query may see. */

import { and, equal, less, lessOrEqual, or } from "../../ops/compare.ts";
import { constant } from "../../ops/constant.ts";
import { add, subtract } from "../../ops/elementwise.ts";
import { reshape } from "../../ops/reshape.ts";
import { axisSize, type Value } from "../../value.ts";

/** What limits the sight of queries. */
export interface Sight {
  /** Whether queries see no keys behind their own place in the text. */
  isCausal: boolean;
  window?: number | undefined;
  sinkTokens?: number | undefined;
  /** [B] int32, counted as `KeyPlaces.index` is. */
  prefixLengths?: Value | undefined;
}

/** A chunk of queries: what is known of their places. */
export interface QueryPlaces {
  /** The place of each query's own key, [tq] int32. */
  index?: Value | undefined;
  /** [B, tq] bool */
  mask?: Value | undefined;
  /** [B, tq] int32 */
  sequenceIds?: Value | undefined;
}

/** Some keys: what is known of their places. */
export interface KeyPlaces {
  /** [tk] int32 */
  index?: Value | undefined;
  /** [B, tk] bool */
  mask?: Value | undefined;
  /** [B, tk] int32 */
  sequenceIds?: Value | undefined;
  /** [B, tk] int32 */
  positions?: Value | undefined;
}

/** Which keys each query sees, broadcasting to [B, K, G, tq, tk] bool; undefined: all. */
export function visibility(sight: Sight, queries: QueryPlaces, keys: KeyPlaces): Value | undefined {
  const rules: Value[] = [];
  if (queries.index && keys.index) {
    const [query, key] = [column(queries.index), row(keys.index)];
    if (sight.isCausal) rules.push(causal(query, key, sight.prefixLengths));
    if (sight.window !== undefined) rules.push(near(query, key, keys, sight));
  }
  if (keys.mask) rules.push(row(keys.mask));
  if (queries.mask) rules.push(column(queries.mask));
  if (queries.sequenceIds && keys.sequenceIds)
    rules.push(equal(column(queries.sequenceIds), row(keys.sequenceIds)));
  return rules.length > 0 ? rules.reduce(and) : undefined;
}

function causal(query: Value, key: Value, prefixLengths?: Value): Value {
  const behind = lessOrEqual(key, query);
  if (!prefixLengths) return behind;
  return or(behind, less(key, reshape(prefixLengths, [prefixLengths.shape[0]!, 1, 1, 1, 1])));
}

function near(
  query: Value,
  key: Value,
  { positions }: KeyPlaces,
  { isCausal, window, sinkTokens = 0 }: Sight,
): Value {
  const places = constant([window!], [1], "int32");
  let seen = less(subtract(query, places), key);
  if (!isCausal) seen = and(seen, less(key, add(query, places)));
  if (sinkTokens === 0) return seen;
  return or(seen, less(row(positions!), constant([sinkTokens], [1], "int32")));
}

/** [tk] or [B, tk] as [B, 1, 1, 1, tk]. */
function row(x: Value): Value {
  const [batch, count] = x.shape.length === 1 ? [1, axisSize(x, 0)] : [x.shape[0]!, axisSize(x, 1)];
  return reshape(x, [batch, 1, 1, 1, count]);
}

/** [tq] or [B, tq] as [B, 1, 1, tq, 1]. */
function column(x: Value): Value {
  const [batch, count] = x.shape.length === 1 ? [1, axisSize(x, 0)] : [x.shape[0]!, axisSize(x, 1)];
  return reshape(x, [batch, 1, 1, count, 1]);
}
