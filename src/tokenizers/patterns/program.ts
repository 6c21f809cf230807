import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import type { Assertion, Greed } from "./syntax-tree.ts";

/** Matches one character of `set`; in a look-behind, the one before. */
export const SET: number = 0;
export const SET_BEFORE: number = 1;
/** Matches `min` to `max` characters of `set`. */
export const RUN: number = 2;
/** Goes on at `first` and, if that fails, at `second`. */
export const SPLIT: number = 3;
/** Goes on at `first`. */
export const JUMP: number = 4;
/** The end. */
export const MATCH: number = 5;
/** Asks the place. */
export const ASSERT: number = 6;
/** Runs what is behind it up to a match, and goes on at `first` if it is as wanted. */
export const LOOK: number = 7;
/** Runs what is behind it, and goes on at `first` from its match, once and for all. */
export const ATOMIC: number = 8;
/** A turn of `loop` begins. */
export const TURN: number = 9;
/** If the turn of `loop` was empty, it ends at `first`. */
export const TURNED: number = 10;
/** Several ways lead here: fails where one of them went on before. */
export const MEET: number = 11;

/**
 * One step of a program; the next one follows, unless it says otherwise. All have the same members, so
 * that the machine reads them fast.
 */
export interface Step {
  readonly op: number;
  /** For a split, what its first way must begin with; for `\b`, the characters of words. */
  set: CodePointBitmap | undefined;
  first: number;
  second: number;
  readonly min: number;
  readonly max: number;
  readonly greed: Greed;
  /** Which of the program's runs this is. */
  readonly run: number;
  /** Whether only the end of the program follows, so that the first try is good. */
  isLast: boolean;
  /** The first of its rows in the memory of what failed; -1 if it is not worth remembering. */
  readonly row: number;
  /** In a look-around or an atomic group, whose matches are remembered too. */
  readonly isInner: boolean;
  /** The loops around it whose turns may be empty: a row for how many of them did not move yet. */
  readonly loops: readonly number[];
  readonly loop: number;
  readonly assertion: Assertion;
  readonly isNegated: boolean;
}

/** A regular expression, ready to run. */
export interface Program {
  readonly steps: readonly Step[];
  /** How many rows the memory of failures has, and that of what is in look-arounds and atomic groups. */
  readonly failureCount: number;
  readonly outcomeCount: number;
  readonly runCount: number;
  readonly loopCount: number;
  /** Whether it asks where the search began (`\G`); never in a look-behind. */
  readonly usesSearchStart: boolean;
  readonly looksBehind: boolean;
}

/** A step with what is not given left empty. */
export function makeStep(op: number, given: Partial<Step> = {}): Step {
  return {
    op,
    set: given.set,
    first: given.first ?? 0,
    second: given.second ?? 0,
    min: given.min ?? 1,
    max: given.max ?? 1,
    greed: given.greed ?? "greedy",
    run: given.run ?? -1,
    isLast: false,
    row: given.row ?? -1,
    isInner: given.isInner ?? false,
    loops: given.loops ?? [],
    loop: given.loop ?? -1,
    assertion: given.assertion ?? "textStart",
    isNegated: given.isNegated ?? false,
  };
}
