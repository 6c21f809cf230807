import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import { isAt, placeAfter } from "./places.ts";
import { Stretches } from "./stretches.ts";

/** What is known of a step that matches a run of characters: how far it goes, and where to go on fails. */
export class RunMemory {
  /** From where to where all characters are in the set; the one at the end of it is not looked at, or outside. */
  readonly #inside = new Stretches();
  /** Where the run that was looked at last ends for good; -1 if it may go on. */
  #wholeEnd = -1;
  readonly #failed = new Stretches();

  /**
   * Where the characters of a set end that begin at `start`. It looks no farther than it must to say
   * that they go on to `enough`, and at few characters again.
   */
  reach(set: CodePointBitmap, text: string, start: number, enough: number): number {
    const known = this.#inside.find(start);
    let end = known < 0 ? start : this.#inside.last(known);
    if (end >= enough || end === this.#wholeEnd) return end;
    const i = known < 0 ? this.#inside.indexBehind(start) : known;
    let next = known < 0 ? i : i + 1;
    const from = end;
    while (end < enough && isAt(set, text, end)) {
      end = placeAfter(text, end);
      while (next < this.#inside.length && this.#inside.first(next) <= end) {
        end = Math.max(end, this.#inside.last(next));
        next++;
      }
    }
    this.#wholeEnd = end < enough ? end : -1;
    if (end > from || known < 0) {
      this.#inside.replace(i, next - i, known < 0 ? start : this.#inside.first(i), end);
    }
    return end;
  }

  /** Notes that going on from here fails. */
  addFailure(position: number, before: number, after: number): void {
    if (this.hasFailed(position)) return;
    const failed = this.#failed;
    const i = failed.indexBehind(position);
    const touchesLeft = i > 0 && failed.last(i - 1) === before;
    const touchesRight = i < failed.length && failed.first(i) === after;
    failed.replace(
      touchesLeft ? i - 1 : i,
      Number(touchesLeft) + Number(touchesRight),
      touchesLeft ? failed.first(i - 1) : position,
      touchesRight ? failed.last(i) : position,
    );
  }

  hasFailed(position: number): boolean {
    return this.#failed.find(position) >= 0;
  }

  /** The first place of the failures around one that has failed. */
  failedFrom(position: number): number {
    return this.#failed.first(this.#failed.find(position));
  }

  /** The last of them. */
  failedTo(position: number): number {
    return this.#failed.last(this.#failed.find(position));
  }

  /** Forgets of this place, and of those before it, that going on from there fails. */
  forget(position: number, after: number): void {
    this.#failed.forget(position, after);
  }
}
