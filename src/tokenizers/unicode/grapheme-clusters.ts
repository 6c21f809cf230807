import { forEachRun } from "./code-point-runs.ts";
import {
  CONTROL_RUNS,
  EXTENDING_RUNS,
  PICTOGRAPHIC_RUNS,
  PREPENDING_RUNS,
  SPACING_RUNS,
} from "./grapheme-breaks.gen.ts";

const OTHER = 0;
const CONTROL = 1;
const EXTENDING = 2;
const SPACING = 3;
const PREPENDING = 4;
const PICTOGRAPHIC = 5;
const HANGUL_L = 6;
const HANGUL_V = 7;
const HANGUL_T = 8;
const HANGUL_LV = 9;
const HANGUL_LVT = 10;

/** The class of every code point, of those above. */
const CLASSES: Uint8Array = /* @__PURE__ */ readClasses();

const JOINER = 0x200d;

/**
 * Where the grapheme cluster ends that starts at a place in a text: what a reader takes for one
 * character. For clusters below 6 bytes of UTF-8, which is what `Precompiled` asks about, it is that of
 * Unicode 17.0, as in `tokenizers` 0.23.2, and not that of the engine. In longer ones flags and Indic
 * conjuncts, whose parts alone reach 6 bytes, are not held together.
 *
 * @see https://www.unicode.org/reports/tr29/
 */
export function graphemeEnd(text: string, start: number): number {
  let before = text.codePointAt(start)!;
  let end = start + widthOf(before);
  // Whether an emoji and then only EXTENDING characters stand before.
  let isEmoji = CLASSES[before] === PICTOGRAPHIC;
  while (end < text.length) {
    const next = text.codePointAt(end)!;
    const isJoined = isEmoji && before === JOINER && CLASSES[next] === PICTOGRAPHIC;
    if (!isJoined && breaksBetween(before, next)) break;
    isEmoji = CLASSES[next] === PICTOGRAPHIC || (isEmoji && CLASSES[next] === EXTENDING);
    before = next;
    end += widthOf(next);
  }
  return end;
}

function breaksBetween(before: number, next: number): boolean {
  const left = CLASSES[before]!;
  const right = CLASSES[next]!;
  if (left === CONTROL || right === CONTROL) return !(before === 0x0d && next === 0x0a);
  if (right === EXTENDING || right === SPACING || left === PREPENDING) return false;
  switch (left) {
    case HANGUL_L:
      return ![HANGUL_L, HANGUL_V, HANGUL_LV, HANGUL_LVT].includes(right);
    case HANGUL_V:
    case HANGUL_LV:
      return right !== HANGUL_V && right !== HANGUL_T;
    case HANGUL_T:
    case HANGUL_LVT:
      return right !== HANGUL_T;
    default:
      return true;
  }
}

function widthOf(codePoint: number): number {
  return codePoint > 0xffff ? 2 : 1;
}

function readClasses(): Uint8Array {
  const classes = new Uint8Array(0x110000).fill(OTHER);
  const runs: readonly (readonly [string, number])[] = [
    [CONTROL_RUNS, CONTROL],
    [EXTENDING_RUNS, EXTENDING],
    [SPACING_RUNS, SPACING],
    [PREPENDING_RUNS, PREPENDING],
    [PICTOGRAPHIC_RUNS, PICTOGRAPHIC],
  ];
  for (const [text, value] of runs) {
    forEachRun(text, (first, last) => classes.fill(value, first, last + 1));
  }
  classes.fill(HANGUL_L, 0x1100, 0x1160).fill(HANGUL_L, 0xa960, 0xa97d);
  classes.fill(HANGUL_V, 0x1160, 0x11a8).fill(HANGUL_V, 0xd7b0, 0xd7c7);
  classes.fill(HANGUL_T, 0x11a8, 0x1200).fill(HANGUL_T, 0xd7cb, 0xd7fc);
  for (let syllable = 0xac00; syllable <= 0xd7a3; syllable++) {
    classes[syllable] = (syllable - 0xac00) % 28 === 0 ? HANGUL_LV : HANGUL_LVT;
  }
  return classes;
}
