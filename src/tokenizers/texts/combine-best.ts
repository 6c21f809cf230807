import type { ScoredIds } from "../models/model.ts";

/** Ids of a text up to some place: those of a part, behind those of the parts before. */
interface Prefix {
  readonly before: Prefix | undefined;
  readonly ids: Uint32Array;
  readonly score: number;
}

/**
 * The best ways to encode a text whose parts are encoded independently: one way of each part, the sum
 * of their scores, best first.
 * @param parts the best ways of each part, best first
 * @param count how many are wanted
 */
export function combineBest(
  parts: readonly (readonly ScoredIds[])[],
  count: number,
): readonly ScoredIds[] {
  let best: readonly Prefix[] = [{ before: undefined, ids: new Uint32Array(0), score: 0 }];
  for (const part of parts) best = appendPart(best, part, count);
  return best.map((prefix) => ({ ids: idsOf(prefix), score: prefix.score }));
}

function appendPart(
  best: readonly Prefix[],
  part: readonly ScoredIds[],
  count: number,
): readonly Prefix[] {
  const longer: Prefix[] = [];
  for (const [i, before] of best.entries()) {
    // Way j behind way i has (i + 1)(j + 1) - 1 others that are at least as good.
    for (const { ids, score } of part.slice(0, Math.floor(count / (i + 1)))) {
      longer.push({ before, ids, score: before.score + score });
    }
  }
  return longer.toSorted((a, b) => b.score - a.score).slice(0, count);
}

function idsOf(last: Prefix): Uint32Array {
  const parts: Uint32Array[] = [];
  for (let at: Prefix | undefined = last; at !== undefined; at = at.before) parts.push(at.ids);
  const ids = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const part of parts.toReversed()) {
    ids.set(part, length);
    length += part.length;
  }
  return ids;
}
