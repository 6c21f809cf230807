import { FailureMemory } from "./failure-memory.ts";
import type { Program, RunStep, SplitStep } from "./program.ts";
import { RunMemory } from "./run-memory.ts";
import type { Assertion } from "./syntax-tree.ts";

// Numbers on the stack of ways not yet gone: step, place, how far a run may go, length of the trail.
const STRIDE = 4;
const NO_LIMIT = -1;

/**
 * Finds the matches of a program in one text, by backtracking: the first way that leads to a match
 * counts, as in Perl. Unlike a plain backtracking search it remembers which steps failed at which place
 * (in all searches in this text, for that does not depend on the way there), so that its time is linear
 * in the length of the text, whatever the expression. Only runs of characters inside of loops whose
 * turns may be empty, as in `(?:a*b*)*`, can take quadratic time.
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
    for (let start = from; start <= this.#text.length; start = this.after(start)) {
      const end = this.#go(0, start, false);
      if (end < 0) continue;
      // The steps on the way to the match did not fail; of their places only this one is seen again.
      this.#memory.forget(end);
      return [start, end];
    }
    return undefined;
  }

  /** The place behind the character at `position`. */
  after(position: number): number {
    return position + (this.#text.codePointAt(position)! > 0xffff ? 2 : 1);
  }

  #before(position: number): number {
    const unit = this.#text.charCodeAt(position - 1);
    return position - (unit >= 0xdc00 && unit < 0xe000 ? 2 : 1);
  }

  /**
   * Runs steps up to a match; gives its end, or -1.
   * @param isInner in a look-around or an atomic group, whose matches are remembered too
   */
  #go(from: number, start: number, isInner: boolean): number {
    const { steps } = this.#program;
    const text = this.#text;
    const bottom = this.#top;
    const trailStart = this.#trail.length;
    let at = from;
    let position = start;
    for (;;) {
      const step = steps[at]!;
      let next = at + 1; // or -1 if the step fails
      switch (step.op) {
        case "set":
          if (position < text.length && step.set.has(text.codePointAt(position)!)) {
            position = this.after(position);
          } else next = -1;
          break;
        case "setBefore":
          if (position > 0 && step.set.has(text.codePointAt(this.#before(position))!)) {
            position = this.#before(position);
          } else next = -1;
          break;
        case "run":
          position = this.#enterRun(step, at, position);
          if (position < 0) next = -1;
          break;
        case "split": {
          const known = step.row < 0 ? 0 : this.#visit(step, position, isInner);
          if (known > 0) return this.#finish(known - 1, bottom, trailStart);
          if (known < 0) next = -1;
          else {
            this.#push(step.second, position, NO_LIMIT);
            next = step.first;
          }
          break;
        }
        case "jump":
          next = step.to;
          break;
        case "assert":
          if (!this.#holds(step.assertion, position)) next = -1;
          break;
        case "look":
          next = this.#go(next, position, true) < 0 === step.isNegated ? step.next : -1;
          break;
        case "atomic": {
          const end = this.#go(next, position, true);
          next = end < 0 ? -1 : step.next;
          position = end;
          break;
        }
        case "turn":
          // Below the stack of ways: what to restore if this turn fails.
          this.#push(-1 - step.loop, this.#turns[step.loop]!, NO_LIMIT);
          this.#turns[step.loop] = position;
          break;
        case "turned":
          if (this.#turns[step.loop] === position) next = step.exit;
          break;
        case "match":
          return this.#finish(position, bottom, trailStart);
      }
      while (next < 0) {
        if (this.#top === bottom) {
          this.#trail.length = trailStart;
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
    this.#trail.length = this.#stack[this.#top + 3]!;
    if (at < 0) {
      this.#turns[-1 - at] = position;
      return -1;
    }
    this.#popped = position;
    if (limit === NO_LIMIT) return at;
    const step = this.#program.steps[at] as RunStep;
    this.#runs[step.run]?.addFailure(position, this.#before(position), this.after(position));
    this.#popped = this.#chooseEnd(step, at, {
      position: step.greed === "lazy" ? this.after(position) : this.#before(position),
      limit,
    });
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
    this.#stack[this.#top + 3] = this.#trail.length;
    this.#top += STRIDE;
  }

  /** What is known of a step here; if nothing, notes that it fails, which a match takes back. */
  #visit({ row, loops }: SplitStep, position: number, isInner: boolean): number {
    let itsRow = row;
    for (const loop of loops) if (this.#turns[loop] === position) itsRow++;
    const known = this.#memory.get(itsRow, position);
    if (known !== 0) return known;
    this.#memory.set(itsRow, position, -1);
    if (isInner) this.#trail.push(itsRow, position);
    return 0;
  }

  /** Notes of all steps on the way that they lead to a match. */
  #finish(end: number, bottom: number, trailStart: number): number {
    for (let i = trailStart; i < this.#trail.length; i += 2) {
      this.#memory.set(this.#trail[i]!, this.#trail[i + 1]!, end + 1);
    }
    this.#trail.length = trailStart;
    this.#top = bottom;
    return end;
  }

  /** Where a run from here ends at first, or -1; other ends are tried later. */
  #enterRun(step: RunStep, at: number, start: number): number {
    let nearest = start;
    for (let i = 0; i < step.min; i++) {
      if (!this.#isIn(step, nearest)) return -1;
      nearest = this.after(nearest);
    }
    const farthest = this.#runEnd(step, start);
    if (step.greed === "possessive") return farthest;
    return step.greed === "lazy"
      ? this.#chooseEnd(step, at, { position: nearest, limit: farthest })
      : this.#chooseEnd(step, at, { position: farthest, limit: nearest });
  }

  #isIn({ set }: RunStep, position: number): boolean {
    return position < this.#text.length && set.has(this.#text.codePointAt(position)!);
  }

  #runEnd(step: RunStep, start: number): number {
    const memory = step.max === Infinity ? this.#runs[step.run] : undefined;
    if (memory !== undefined && memory.from <= start && start <= memory.end) return memory.end;
    let end = start;
    for (let i = 0; i < step.max && this.#isIn(step, end); i++) end = this.after(end);
    if (memory !== undefined) {
      memory.from = start;
      memory.end = end;
    }
    return end;
  }

  /** The first end from `position` to `limit` that is not known to fail, or -1. */
  #chooseEnd(
    step: RunStep,
    at: number,
    { position, limit }: { readonly position: number; readonly limit: number },
  ): number {
    const isLazy = step.greed === "lazy";
    const memory = this.#runs[step.run];
    let end = position;
    if (memory?.hasFailed(end)) {
      end = isLazy ? this.after(memory.failedTo) : this.#before(memory.failedFrom);
    }
    if (isLazy ? end > limit : end < limit) return -1;
    this.#push(at, end, limit);
    return end;
  }

  #holds(assertion: Assertion, position: number): boolean {
    const text = this.#text;
    switch (assertion) {
      case "textStart":
        return position === 0;
      case "textEnd":
        return position === text.length;
      case "textEndOrLastLineEnd":
        return position === text.length || (position === text.length - 1 && text.endsWith("\n"));
      case "lineStart":
        return position === 0 || (text[position - 1] === "\n" && position < text.length);
      case "lineEnd":
        return position === text.length || text[position] === "\n";
      case "searchStart":
        return position === this.#searchStart;
      case "wordBoundary":
        return this.#isWord(position) !== this.#isWordBefore(position);
      case "noWordBoundary":
        return this.#isWord(position) === this.#isWordBefore(position);
    }
  }

  #isWord(position: number): boolean {
    return (
      position < this.#text.length && this.#program.words.has(this.#text.codePointAt(position)!)
    );
  }

  #isWordBefore(position: number): boolean {
    return position > 0 && this.#isWord(this.#before(position));
  }
}
