import type { CodePointSet } from "./code-point-set.ts";
import { CATEGORY_NAMES, CATEGORY_RUNS } from "./categories.gen.ts";

const CATEGORY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$";

/** White_Space. */
export const WHITE_SPACE: CodePointSet = [
  0x9, 0xe, 0x20, 0x21, 0x85, 0x86, 0xa0, 0xa1, 0x1680, 0x1681, 0x2000, 0x200b, 0x2028, 0x202a,
  0x202f, 0x2030, 0x205f, 0x2060, 0x3000, 0x3001,
];

/** The code points of general categories, each two letters or the first of them ("Lu", "N"). */
export function category(...names: readonly string[]): CodePointSet {
  const found: number[] = [];
  forEachCategoryRun((start, end, its) => {
    if (!names.includes(its) && !names.includes(its[0]!)) return;
    if (found.at(-1) === start) found[found.length - 1] = end;
    else found.push(start, end);
  });
  return found;
}

/** Calls `visit` with the first code point of each run of one general category, the one behind it, and its name. */
export function forEachCategoryRun(
  visit: (start: number, end: number, name: string) => void,
): void {
  const names = CATEGORY_NAMES.split(" ");
  const nameOf = new Map(names.map((name, i) => [CATEGORY_LETTERS[i]!, name]));
  forEachValue(CATEGORY_RUNS, 1, (start, end, letter) => visit(start, end, nameOf.get(letter)!));
}

/**
 * Reads runs of equal values: for each its length in base 36, if not 1, and the value in so many
 * characters that are no digits.
 */
export function forEachValue(
  runs: string,
  width: number,
  visit: (start: number, end: number, value: string) => void,
): void {
  let start = 0;
  let length = 0;
  for (let i = 0; i < runs.length;) {
    const digit = digitOf(runs.charCodeAt(i));
    if (digit >= 0) {
      length = 36 * length + digit;
      i++;
      continue;
    }
    const end = start + Math.max(1, length);
    visit(start, end, runs.slice(i, i + width));
    start = end;
    length = 0;
    i += width;
  }
}

/** 0–9, a–z. */
function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x61 + 10 : -1;
}
