import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import type { Assertion, Greed } from "./syntax-tree.ts";

/** Matches one character of `set`, going on or, in a look-behind, back. */
export interface SetStep {
  readonly op: "set";
  readonly set: CodePointBitmap;
}

/** Matches `min` to `max` characters of `set`. */
export interface RunStep {
  readonly op: "run";
  readonly set: CodePointBitmap;
  readonly min: number;
  readonly max: number;
  readonly greed: Greed;
  /** Which run of the program this is; -1 for one whose failures depend on the way to it. */
  readonly run: number;
}

/** Goes on at `first` and, if that fails, at `second`. */
export interface SplitStep {
  readonly op: "split";
  first: number;
  second: number;
  /** The first of its rows in the memory of what failed; -1 if it is not worth remembering. */
  readonly row: number;
  /** The loops around it whose turns may be empty: a row for how many of them did not move yet. */
  readonly loops: readonly number[];
}

/** One step of a program; the next one follows, unless it says otherwise. */
export type Step =
  | SetStep
  | { readonly op: "setBefore"; readonly set: CodePointBitmap }
  | RunStep
  | SplitStep
  | { readonly op: "jump"; to: number }
  | { readonly op: "match" }
  | { readonly op: "assert"; readonly assertion: Assertion }
  /** Runs the program behind it up to a match, and goes on at `next` if it is as wanted. */
  | { readonly op: "look"; readonly isNegated: boolean; next: number }
  /** Runs the program behind it, and goes on at `next` from its match, once and for all. */
  | { readonly op: "atomic"; next: number }
  /** A turn of a loop begins. */
  | { readonly op: "turn"; readonly loop: number }
  /** If the turn was empty, the loop ends at `exit`. */
  | { readonly op: "turned"; readonly loop: number; exit: number };

/** A regular expression, ready to run. */
export interface Program {
  readonly steps: readonly Step[];
  /** How many rows the memory of failures has. */
  readonly rowCount: number;
  readonly runCount: number;
  readonly loopCount: number;
  /** What `\b` takes for words. */
  readonly words: CodePointBitmap;
  /** Whether a failure depends on where the search began (`\G`). */
  readonly usesSearchStart: boolean;
}
