import { MergeQueue, PLACES } from "../models/merge-queue.ts";
import type { ExplainedSymbol, MergeMade } from "./explanation.ts";

/** What two neighbors can become. */
export interface PossibleMerge<S> {
  readonly result: S & { readonly id: number };
  /** The lowest goes first. */
  readonly rank: number;
  readonly score: number | null;
}

/** Symbols that were merged, and how. */
export interface RecordedMerges<S> {
  readonly row: readonly S[];
  readonly merges: readonly MergeMade[];
}

/**
 * Merges a row of symbols, the pair with the lowest rank first, leftmost first, until none is left,
 * and notes each merge. O(n log n).
 * @param find what two neighbors become, if they can merge; asked whenever a pair comes about
 */
export function recordMerges<S extends ExplainedSymbol>(
  symbols: readonly S[],
  find: (left: S, right: S) => PossibleMerge<S> | undefined,
): RecordedMerges<S> {
  const count = symbols.length;
  const row = [...symbols]; // by place of the first symbol that went into one
  const next = row.map((_, i) => i + 1);
  const previous = row.map((_, i) => i - 1);
  const due: (PossibleMerge<S> | undefined)[] = row.map(() => undefined);
  const queue = new MergeQueue();
  const merges: MergeMade[] = [];
  const offer = (at: number): void => {
    const other = next[at]!;
    due[at] = other === count ? undefined : find(row[at]!, row[other]!);
    if (due[at] !== undefined) queue.push(due[at].rank, at);
  };
  for (let i = 0; i < count; i++) offer(i);
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const rank = Math.floor(entry / PLACES);
    const at = entry - rank * PLACES;
    const merge = due[at];
    // An entry is stale once either symbol has become another one.
    if (merge?.rank !== rank) continue;
    const other = next[at]!;
    const { result, score } = merge;
    const [left, right] = [row[at]!.text, row[other]!.text];
    merges.push({ left, right, result: result.text, id: result.id, at, rank, score });
    row[at] = result;
    due[other] = undefined;
    next[at] = next[other]!;
    if (next[at]! < count) previous[next[at]!] = at;
    if (previous[at]! >= 0) offer(previous[at]!);
    offer(at);
  }
  const merged: S[] = [];
  for (let at = 0; at < count; at = next[at]!) merged.push(row[at]!);
  return { row: merged, merges };
}
