/** One more than the last code point. */
export const CODE_POINT_COUNT: number = 0x110000;

/** A set of code points: the first of each run, and the one behind its last, in ascending order. */
export type CodePointSet = readonly number[];

/** The code points from `first` to `last`, both included. */
export function range(first: number, last: number = first): CodePointSet {
  return [first, last + 1];
}

/** What is in any of the sets. */
export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const runs: [number, number][] = [];
  for (const set of sets) {
    for (let i = 0; i < set.length; i += 2) runs.push([set[i]!, set[i + 1]!]);
  }
  runs.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [start, end] of runs) {
    if (merged.length > 0 && start <= merged.at(-1)!) {
      merged[merged.length - 1] = Math.max(merged.at(-1)!, end);
    } else {
      merged.push(start, end);
    }
  }
  return merged;
}

/** What is not in the set. */
export function complement(set: CodePointSet): CodePointSet {
  const others = set[0] === 0 ? set.slice(1) : [0, ...set];
  return others.at(-1) === CODE_POINT_COUNT ? others.slice(0, -1) : [...others, CODE_POINT_COUNT];
}

/** What is in both sets. */
export function intersection(a: CodePointSet, b: CodePointSet): CodePointSet {
  return complement(union(complement(a), complement(b)));
}

/** What is in one of the sets, but not in both. */
export function difference(a: CodePointSet, b: CodePointSet): CodePointSet {
  return union(intersection(a, complement(b)), intersection(complement(a), b));
}

/** Calls `visit` for each code point. */
export function forEachCodePoint(set: CodePointSet, visit: (codePoint: number) => void): void {
  for (let i = 0; i < set.length; i += 2) {
    for (let codePoint = set[i]!; codePoint < set[i + 1]!; codePoint++) visit(codePoint);
  }
}
