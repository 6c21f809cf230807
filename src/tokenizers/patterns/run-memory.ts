import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import { isAt, placeAfter } from "./places.ts";

/** What is known of a step that matches a run of characters: how far it goes, and where to go on fails. */
export class RunMemory {
  /** The characters in `[from, end)` are in the set, and if `isWhole` the one at `end` is not. */
  #from = 0;
  #end = -1;
  #isWhole = false;
  /** Going on from any place in `[failedFrom, failedTo]` fails. */
  failedFrom = 0;
  failedTo = -1;

  /**
   * Where the characters of a set end that begin at `start`. It looks no farther than it must to say
   * that they go on to `enough`, and at no character again as long as all calls are about one run.
   */
  reach(set: CodePointBitmap, text: string, start: number, enough: number): number {
    const isInside = this.#from <= start && start <= this.#end;
    const next = isInside ? -1 : this.#from;
    let end = isInside ? this.#end : start;
    let isWhole = isInside && this.#isWhole;
    while (!isWhole && end < enough) {
      if (isAt(set, text, end)) {
        end = placeAfter(text, end);
        if (end === next && this.#end > end) {
          end = this.#end;
          isWhole = this.#isWhole;
        }
      } else isWhole = true;
    }
    if (!isInside) this.#from = start;
    this.#end = end;
    this.#isWhole = isWhole;
    return end;
  }

  /** Notes that going on from here fails. */
  addFailure(position: number, before: number, after: number): void {
    if (after === this.failedFrom) this.failedFrom = position;
    else if (before === this.failedTo) this.failedTo = position;
    else if (position < this.failedFrom || position > this.failedTo) {
      this.failedFrom = position;
      this.failedTo = position;
    }
  }

  hasFailed(position: number): boolean {
    return this.failedFrom <= position && position <= this.failedTo;
  }

  /** Forgets of this place, and of those before it, that going on from there fails. */
  forget(position: number, after: number): void {
    if (this.failedFrom <= position) this.failedFrom = after;
    if (this.failedTo < this.failedFrom) this.failedTo = position;
  }
}
