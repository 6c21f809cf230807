import { CLASS_RUNS } from "./classes.gen.ts";

/** Flag of letters, the general categories L*. */
export const LETTER: number = 1;
/** Flag of numbers, the general categories N*. */
export const NUMBER: number = 2;
/** Flag of White_Space: unlike JavaScript's `\s` it has U+0085 and lacks U+FEFF. */
export const SPACE: number = 4;
/** Flag of what `\w` matches: letters, marks, decimal digits, connectors, joiners. */
export const WORD: number = 8;
/** Flag of letters in upper or title case, the general categories Lu and Lt. */
export const UPPER: number = 16;
/** Flag of letters in lower case, the general category Ll. */
export const LOWER: number = 32;
/** Flag of marks, the general categories M*. */
export const MARK: number = 64;

/**
 * The flags of every code point, by Unicode 16.0 and not by the engine, whose version changes the
 * ids that a text gets: U+10940 is a letter since 17.0 only.
 * A surrogate has no flags, and neither has U+FFFD, which stands for it.
 */
export const CODE_POINT_CLASSES: Uint8Array = /* @__PURE__ */ readRuns(CLASS_RUNS);

/** True if the code point that starts at (or ends before) a place in a text has this flag. */
export function hasClass(codePoint: number | undefined, flag: number): boolean {
  return codePoint !== undefined && (CODE_POINT_CLASSES[codePoint]! & flag) !== 0;
}

function readRuns(runs: string): Uint8Array {
  const classes = new Uint8Array(0x110000);
  for (const run of runs.split(" ")) {
    const numbers = run.split(".").map((part) => parseInt(part, 16));
    const [start, count, flags, others = flags] = numbers as [number, number, number, number?];
    classes.fill(flags, start, start + count);
    for (let i = start + 1; i < start + count; i += 2) classes[i] = others!;
  }
  return classes;
}
