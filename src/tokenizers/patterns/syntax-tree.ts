import type { CodePointSet } from "../unicode/code-point-set.ts";

/** What a place in a text is asked. */
export type Assertion =
  | "lineStart"
  | "lineStartOrTextEnd"
  | "lineEnd"
  | "textStart"
  | "textEnd"
  | "textEndOrLastLineEnd"
  | "searchStart"
  | "wordBoundary"
  | "noWordBoundary";

/** How a repetition chooses: as often as possible, as seldom, or as often and never again. */
export type Greed = "greedy" | "lazy" | "possessive";

/** A part of a regular expression. */
export type Node =
  | { readonly type: "set"; readonly set: CodePointSet }
  /** A character as written, in any case. */
  | { readonly type: "anyCase"; readonly codePoint: number }
  | { readonly type: "sequence"; readonly nodes: readonly Node[] }
  | { readonly type: "choice"; readonly nodes: readonly Node[] }
  | {
      readonly type: "repeat";
      readonly node: Node;
      readonly min: number;
      readonly max: number;
      readonly greed: Greed;
    }
  | { readonly type: "atomic"; readonly node: Node }
  | {
      readonly type: "look";
      readonly node: Node;
      readonly isBehind: boolean;
      readonly isNegated: boolean;
    }
  | {
      readonly type: "assertion";
      readonly assertion: Assertion;
      /** The characters of words, for their boundaries. */
      readonly words?: CodePointSet;
    };
