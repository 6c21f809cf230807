import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import { isAt, placeBefore } from "./places.ts";
import type { Step } from "./program.ts";

/** Whether a place in a text is such as a step asks. */
export function holds(step: Step, text: string, position: number, searchStart: number): boolean {
  switch (step.assertion) {
    case "textStart":
      return position === 0;
    case "textEnd":
      return position === text.length;
    case "textEndOrLastLineEnd":
      return position === text.length || (position === text.length - 1 && text.endsWith("\n"));
    case "lineStart":
      return position === 0 || (text[position - 1] === "\n" && position < text.length);
    case "lineStartOrTextEnd":
      return position === 0 || text[position - 1] === "\n";
    case "lineEnd":
      return position === text.length || text[position] === "\n";
    case "searchStart":
      return position === searchStart;
    case "wordBoundary":
      return isWordBoundary(step.set!, text, position);
    case "noWordBoundary":
      return !isWordBoundary(step.set!, text, position);
  }
}

function isWordBoundary(words: CodePointBitmap, text: string, position: number): boolean {
  const isBefore = position > 0 && isAt(words, text, placeBefore(text, position));
  return isAt(words, text, position) !== isBefore;
}
