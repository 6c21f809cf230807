import { forEachRun } from "./code-point-runs.ts";
import { CONTROL_RUNS, MARK_RUNS, NONSPACING_MARK_RUNS, PUNCTUATION_RUNS } from "./tables.gen.ts";

const PUNCTUATION = 1;
const MARK = 2;
const NONSPACING_MARK = 4;
const CONTROL = 8;

// Normalizers of Hugging Face `tokenizers` go by versions of Unicode that are older than those of its
// regular expressions (classes.ts), and the ids of a text depend on it.
const FLAGS: Uint8Array = /* @__PURE__ */ readFlags();

/** True for the ASCII characters that are no letters, digits or controls, and for P* of Unicode 8.0. */
export function isPunctuation(codePoint: number): boolean {
  return (FLAGS[codePoint]! & PUNCTUATION) !== 0;
}

/** True for marks, M* of Unicode 9.0. */
export function isMark(codePoint: number): boolean {
  return (FLAGS[codePoint]! & MARK) !== 0;
}

/** True for nonspacing marks, Mn of Unicode 8.0. */
export function isNonspacingMark(codePoint: number): boolean {
  return (FLAGS[codePoint]! & NONSPACING_MARK) !== 0;
}

/**
 * True for what BERT drops: Cc (but not tab and line ends), Cf and Co of Unicode 8.0, U+FFFD.
 * Unassigned code points stay.
 */
export function isControl(codePoint: number): boolean {
  return (FLAGS[codePoint]! & CONTROL) !== 0;
}

function readFlags(): Uint8Array {
  const flags = new Uint8Array(0x110000);
  const tables = [
    [PUNCTUATION_RUNS, PUNCTUATION],
    [MARK_RUNS, MARK],
    [NONSPACING_MARK_RUNS, NONSPACING_MARK],
    [CONTROL_RUNS, CONTROL],
  ] as const;
  for (const [runs, flag] of tables) {
    forEachRun(runs, (first, last) => {
      for (let codePoint = first; codePoint <= last; codePoint++) flags[codePoint]! |= flag;
    });
  }
  return flags;
}
