import { CODE_POINT_COUNT, forEachCodePoint } from "./code-point-set.ts";
import { forEachRun } from "./code-point-runs.ts";
import { ALPHABETIC_RUNS } from "./categories.gen.ts";
import { WHITE_SPACE, forEachCategoryRun } from "./categories.ts";

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
export const CODE_POINT_CLASSES: Uint8Array = /* @__PURE__ */ readClasses();

/** True if the code point that starts at (or ends before) a place in a text has this flag. */
export function hasClass(codePoint: number | undefined, flag: number): boolean {
  return codePoint !== undefined && (CODE_POINT_CLASSES[codePoint]! & flag) !== 0;
}

function readClasses(): Uint8Array {
  const classes = new Uint8Array(CODE_POINT_COUNT);
  forEachCategoryRun((start, end, category) => classes.fill(flagsOf(category), start, end));
  const add = (codePoint: number, flag: number): void => {
    classes[codePoint] = classes[codePoint]! | flag;
  };
  forEachCodePoint(WHITE_SPACE, (codePoint) => add(codePoint, SPACE));
  forEachRun(ALPHABETIC_RUNS, (first, last) => {
    for (let codePoint = first; codePoint <= last; codePoint++) add(codePoint, WORD);
  });
  for (const joiner of [0x200c, 0x200d]) add(joiner, WORD);
  return classes;
}

/** The flags of all code points of a general category. */
function flagsOf(category: string): number {
  switch (category) {
    case "Lu":
    case "Lt":
      return LETTER | WORD | UPPER;
    case "Ll":
      return LETTER | WORD | LOWER;
    case "Lm":
    case "Lo":
      return LETTER | WORD;
    case "Mn":
    case "Mc":
    case "Me":
      return MARK | WORD;
    case "Nd":
    case "Nl":
      return NUMBER | WORD;
    case "No":
      return NUMBER;
    case "Pc":
      return WORD;
    default:
      return 0;
  }
}
