import { FailureMemory } from "./failure-memory.ts";
import { holds } from "./holds.ts";
import { isAt, placeAfter, placeBefore } from "./places.ts";
import {
  ASSERT,
  ATOMIC,
  JUMP,
  LOOK,
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
  readonly #memory: FailureMemory;
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
    this.#memory = new FailureMemory(program.rowCount);
    this.#runs = Array.from({ length: program.runCount }, () => new RunMemory());
    this.#turns = new Int32Array(program.loopCount);
  }

  /** Start and end of the first match at or behind `from`; undefined if there is none. */
  search(from: number): readonly [start: number, end: number] | undefined {
    if (this.#program.usesSearchStart) {
      this.#memory.clear();
      for (const run of this.#runs) run.clear();
    }
    this.#searchStart = from;
    for (let start = from; start <= this.#text.length; start = placeAfter(this.#text, start)) {
      const end = this.#go(0, start, false);
      if (end < 0) continue;
      // The steps on the way to the match did not fail; of their places only this one is seen again.
      this.#memory.forget(end);
      return [start, end];
    }
    return undefined;
  }

  /**
   * Runs steps up to a match; gives its end, or -1.
   * @param isInner in a look-around or an atomic group, whose matches are remembered too
   */
  #go(from: number, start: number, isInner: boolean): number {
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
          const known = step.row < 0 ? 0 : this.#visit(step, position, isInner);
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
        case JUMP:
          next = step.first;
          break;
        case ASSERT:
          if (!holds(step, this.#text, position, this.#searchStart)) next = -1;
          break;
        case LOOK:
          next = this.#go(next, position, true) < 0 === step.isNegated ? step.first : -1;
          break;
        case ATOMIC:
          position = this.#go(next, position, true);
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
  #visit({ row, loops }: Step, position: number, isInner: boolean): number {
    let itsRow = row;
    for (const loop of loops) if (this.#turns[loop] === position) itsRow++;
    const known = this.#memory.get(itsRow, position);
    if (known !== 0) return known;
    this.#memory.set(itsRow, position, -1);
    if (isInner) {
      this.#trail[this.#trailEnd++] = itsRow;
      this.#trail[this.#trailEnd++] = position;
    }
    return 0;
  }

  /** Notes of all steps on the way that they lead to a match. */
  #finish(end: number, bottom: number, trailStart: number): number {
    for (let i = trailStart; i < this.#trailEnd; i += 2) {
      this.#memory.set(this.#trail[i]!, this.#trail[i + 1]!, end + 1);
    }
    this.#trailEnd = trailStart;
    this.#top = bottom;
    return end;
  }

  /** Where a run from here ends at first, or -1; other ends are tried later. */
  #enterRun(step: Step, at: number, start: number): number {
    let nearest = start;
    for (let i = 0; i < step.min; i++) {
      if (!isAt(step.set!, this.#text, nearest)) return -1;
      nearest = placeAfter(this.#text, nearest);
    }
    if (step.greed === "lazy") {
      return step.isLast ? nearest : this.#chooseEnd(step, at, nearest, this.#runEnd(step, start));
    }
    const farthest = this.#runEnd(step, start);
    if (step.isLast || step.greed === "possessive") return farthest;
    return this.#chooseEnd(step, at, farthest, nearest);
  }

  #runEnd(step: Step, start: number): number {
    let end = start;
    if (step.max !== Infinity) {
      for (let i = 0; i < step.max && isAt(step.set!, this.#text, end); i++)
        end = placeAfter(this.#text, end);
      return end;
    }
    const memory = this.#runs[step.run]!;
    if (memory.from <= start && start <= memory.end) return memory.end;
    while (isAt(step.set!, this.#text, end)) {
      end = placeAfter(this.#text, end);
      if (end === memory.from) end = Math.max(end, memory.end);
    }
    memory.from = start;
    memory.end = end;
    return end;
  }

  /** The first end from `position` to `limit` that is not known to fail, or -1. */
  #chooseEnd(step: Step, at: number, position: number, limit: number): number {
    const memory = this.#runs[step.run]!;
    const isLazy = step.greed === "lazy";
    let end = position;
    if (memory.hasFailed(end)) {
      const text = this.#text;
      end = isLazy ? placeAfter(text, memory.failedTo) : placeBefore(text, memory.failedFrom);
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
