import { CharacterPlaces } from "./character-places.ts";
import { holds } from "./holds.ts";
import { PlaceMemory } from "./place-memory.ts";
import { isAt, placeAfter, placeBefore } from "./places.ts";
import {
  ASSERT,
  ATOMIC,
  JUMP,
  LOOK,
  MEET,
  type Program,
  RUN,
  SET,
  SET_BEFORE,
  SPLIT,
  type Step,
  TURN,
  TURNED,
} from "./program.ts";
import { RunMemory } from "./run-memory.ts";

// Numbers on the stack of ways not yet gone: step, place, how far a run may go, length of the trail.
const STRIDE = 4;
const NO_LIMIT = -1;

/**
 * Finds the matches of a program in one text, by backtracking: the first way that leads to a match
 * counts, as in Perl. Unlike a plain backtracking search it remembers which steps failed at which place
 * (in all searches in this text, for that does not depend on the way there), so that its time is linear
 * in the length of the text, whatever the expression.
 *
 * @see Davis, Servant and Lee 2021, "Using Selective Memoization to Defeat Regular Expression Denial of
 * Service (ReDoS)"
 */
export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #characters: CharacterPlaces;
  /** A bit for each step that was at a place already, and does not lead to a match from there. */
  readonly #failures: PlaceMemory;
  /**
   * A word for each step in a look-around or atomic group: 0 nothing is known, -1 it fails, n + 1 it
   * leads to a match that ends at n.
   */
  readonly #outcomes: PlaceMemory;
  readonly #runs: readonly RunMemory[];
  /** Where the current turn of each loop began. */
  readonly #turns: Int32Array;
  #stack = new Int32Array(64 * STRIDE);
  #top = 0;
  /** Steps and places on the way that a look-around or atomic group goes, two numbers each. */
  readonly #trail: number[] = [];
  #trailEnd = 0;
  #searchStart = 0;

  constructor(program: Program, text: string) {
    this.#program = program;
    this.#text = text;
    this.#characters = new CharacterPlaces(text);
    this.#failures = new PlaceMemory(Math.ceil(program.failureCount / 32));
    this.#outcomes = new PlaceMemory(program.outcomeCount);
    this.#runs = Array.from({ length: program.runCount }, () => new RunMemory());
    this.#turns = new Int32Array(program.loopCount);
  }

  /** Start and end of the first match at or behind `from`; undefined if there is none. */
  search(from: number): readonly [start: number, end: number] | undefined {
    // What fails farther on does not pass a \G, for no part looks behind for one.
    if (this.#program.usesSearchStart) this.#forget(from);
    this.#searchStart = from;
    for (let start = from; start <= this.#text.length; start = placeAfter(this.#text, start)) {
      if (!this.#program.looksBehind) {
        this.#failures.release(start);
        this.#outcomes.release(start);
      }
      const end = this.#go(0, start);
      if (end < 0) continue;
      // The steps on the way to the match did not fail; of their places only this one is seen again.
      this.#failures.forget(end);
      return [start, end];
    }
    return undefined;
  }

  #forget(position: number): void {
    this.#failures.forget(position);
    this.#outcomes.forget(position);
    for (const run of this.#runs) run.forget(position, placeAfter(this.#text, position));
  }

  /** Runs steps up to a match; gives its end, or -1. */
  #go(from: number, start: number): number {
    const { steps } = this.#program;
    const bottom = this.#top;
    const trailStart = this.#trailEnd;
    let at = from;
    let position = start;
    for (;;) {
      const step = steps[at]!;
      let next = at + 1; // or -1 if the step fails
      switch (step.op) {
        case SET:
          if (isAt(step.set!, this.#text, position)) position = placeAfter(this.#text, position);
          else next = -1;
          break;
        case SET_BEFORE:
          if (position > 0 && isAt(step.set!, this.#text, placeBefore(this.#text, position))) {
            position = placeBefore(this.#text, position);
          } else next = -1;
          break;
        case RUN:
          position = this.#enterRun(step, at, position);
          if (position < 0) next = -1;
          break;
        case SPLIT: {
          const known = step.row < 0 ? 0 : this.#visit(step, position);
          if (known > 0) return this.#finish(known - 1, bottom, trailStart);
          if (known < 0) {
            next = -1;
          } else if (step.set !== undefined && !isAt(step.set!, this.#text, position)) {
            next = step.second;
          } else {
            this.#push(step.second, position, NO_LIMIT);
            next = step.first;
          }
          break;
        }
        case MEET: {
          const known = this.#visit(step, position);
          if (known > 0) return this.#finish(known - 1, bottom, trailStart);
          if (known < 0) next = -1;
          break;
        }
        case JUMP:
          next = step.first;
          break;
        case ASSERT:
          if (!holds(step, this.#text, position, this.#searchStart)) next = -1;
          break;
        case LOOK:
          next = this.#go(next, position) < 0 === step.isNegated ? step.first : -1;
          break;
        case ATOMIC:
          position = this.#go(next, position);
          next = position < 0 ? -1 : step.first;
          break;
        case TURN:
          // Below the ways of this turn: what to restore when they are gone.
          this.#push(-1 - step.loop, this.#turns[step.loop]!, NO_LIMIT);
          this.#turns[step.loop] = position;
          break;
        case TURNED:
          if (this.#turns[step.loop] === position) next = step.first;
          break;
        default:
          return this.#finish(position, bottom, trailStart);
      }
      while (next < 0) {
        if (this.#top === bottom) {
          this.#trailEnd = trailStart;
          return -1;
        }
        next = this.#pop();
        position = this.#popped;
      }
      at = next;
    }
  }

  #popped = 0;

  /** Takes the last way not yet gone; -1 if it was none. */
  #pop(): number {
    this.#top -= STRIDE;
    const at = this.#stack[this.#top]!;
    const position = this.#stack[this.#top + 1]!;
    const limit = this.#stack[this.#top + 2]!;
    this.#trailEnd = this.#stack[this.#top + 3]!;
    if (at < 0) {
      this.#turns[-1 - at] = position;
      return -1;
    }
    this.#popped = position;
    if (limit === NO_LIMIT) return at;
    const step = this.#program.steps[at]!;
    const before = placeBefore(this.#text, position);
    const after = placeAfter(this.#text, position);
    if (!this.#isUnmoved(step, position)) this.#runs[step.run]!.addFailure(position, before, after);
    this.#popped = this.#chooseEnd(step, at, step.greed === "lazy" ? after : before, limit);
    return this.#popped < 0 ? -1 : at + 1;
  }

  #push(at: number, position: number, limit: number): void {
    if (this.#top + STRIDE > this.#stack.length) {
      const larger = new Int32Array(2 * this.#stack.length);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#top] = at;
    this.#stack[this.#top + 1] = position;
    this.#stack[this.#top + 2] = limit;
    this.#stack[this.#top + 3] = this.#trailEnd;
    this.#top += STRIDE;
  }

  /** What is known of a step here; if nothing, notes that it fails, which a match takes back. */
  #visit({ row, loops, isInner }: Step, position: number): number {
    let itsRow = row;
    for (const loop of loops) if (this.#turns[loop] === position) itsRow++;
    if (!isInner) {
      const bits = this.#failures.get(itsRow >> 5, position);
      const bit = 1 << (itsRow & 31);
      if ((bits & bit) !== 0) return -1;
      this.#failures.set(itsRow >> 5, position, bits | bit);
      return 0;
    }
    const known = this.#outcomes.get(itsRow, position);
    if (known !== 0) return known;
    this.#outcomes.set(itsRow, position, -1);
    this.#trail[this.#trailEnd++] = itsRow;
    this.#trail[this.#trailEnd++] = position;
    return 0;
  }

  /** Notes of all steps on the way that they lead to a match. */
  #finish(end: number, bottom: number, trailStart: number): number {
    for (let i = trailStart; i < this.#trailEnd; i += 2) {
      this.#outcomes.set(this.#trail[i]!, this.#trail[i + 1]!, end + 1);
    }
    this.#trailEnd = trailStart;
    this.#top = bottom;
    return end;
  }

  /** Where a run from here ends at first, or -1; other ends are tried later. */
  #enterRun(step: Step, at: number, start: number): number {
    const { min, max, greed } = step;
    // Most runs are not there at all.
    if (min > 0 && !isAt(step.set!, this.#text, start)) return -1;
    const needed = greed === "lazy" && step.isLast ? min : max;
    const end = this.#runs[step.run]!.reach(step.set!, this.#text, start, start + 2 * needed);
    const nearest = this.#characters.advance(start, min, end);
    if (nearest < 0 || (greed === "lazy" && step.isLast)) return nearest;
    const last = max === Infinity ? -1 : this.#characters.advance(start, max, end);
    const farthest = last < 0 ? end : last;
    if (greed === "lazy") return this.#chooseEnd(step, at, nearest, farthest);
    if (step.isLast || greed === "possessive") return farthest;
    return this.#chooseEnd(step, at, farthest, nearest);
  }

  /** The first end from `position` to `limit` that is not known to fail, or -1. */
  #chooseEnd(step: Step, at: number, position: number, limit: number): number {
    const memory = this.#runs[step.run]!;
    const isLazy = step.greed === "lazy";
    let end = position;
    if (memory.hasFailed(end)) {
      const text = this.#text;
      end = isLazy
        ? placeAfter(text, memory.failedTo(end))
        : placeBefore(text, memory.failedFrom(end));
    }
    if (isLazy ? end > limit : end < limit) return -1;
    this.#push(at, end, limit);
    return end;
  }

  /**
   * Whether a turn of a loop around a step did not get anywhere yet. Such a turn ends the loop, so it
   * may fail where others, which may also go on, do not.
   */
  #isUnmoved({ loops }: Step, position: number): boolean {
    return loops.length > 0 && this.#turns[loops.at(-1)!] === position;
  }
}
