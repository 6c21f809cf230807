import { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import { type CodePointSet } from "../unicode/code-point-set.ts";
import {
  ASSERT,
  ATOMIC,
  JUMP,
  LOOK,
  MATCH,
  MEET,
  type Program,
  RUN,
  SET,
  SET_BEFORE,
  SPLIT,
  type Step,
  TURN,
  TURNED,
  makeStep,
} from "./program.ts";
import { type RegexText, refuseRegex } from "./regex-source.ts";
import type { Node } from "./syntax-tree.ts";
import { isNullable, waitingWays } from "./tree-measures.ts";

type Repeat = Extract<Node, { readonly type: "repeat" }>;

// Repetitions of groups are written out, so that "(?:(?:ab){1000}){1000}" would be a million steps.
// A text takes as long as all of them at each place, at worst.
const MAX_STEPS = 10_000;
// Of what is remembered at each place of a text: 256 bytes.
const MAX_BITS = 2048;
// Of the turns of a loop, at 16 bytes each: 1 kB for each place of a text. Published patterns have 3.
const MAX_WAYS = 64;

/** Where in a program a part stands. */
interface Place {
  /** In a look-behind, which reads from its end. */
  readonly isBackward: boolean;
  readonly isInLookBehind: boolean;
  /** In a look-around or an atomic group. */
  readonly isInner: boolean;
  /** The loops around it whose turns may be empty. */
  readonly loops: readonly number[];
  /** Whether several ways may lead to one place of the text here, so that failures are remembered. */
  readonly isShared: boolean;
}

const OUTERMOST: Place = {
  isBackward: false,
  isInLookBehind: false,
  isInner: false,
  loops: [],
  isShared: false,
};

/**
 * Makes a program of a regular expression.
 * @param regex for errors
 * @throws {FormatError} if it would be too large, or has an atomic group or `\G` in a look-behind.
 */
export function compileRegex(node: Node, regex: RegexText): Program {
  return new Compiler(regex).compile(node);
}

class Compiler {
  readonly #regex: RegexText;
  readonly #steps: Step[] = [];
  readonly #bitmaps = new Map<string, CodePointBitmap>();
  readonly #bitmapOfSet = new Map<CodePointSet, CodePointBitmap>();
  #failureCount = 0;
  #outcomeCount = 0;
  #runCount = 0;
  #loopCount = 0;
  #usesSearchStart = false;
  #looksBehind = false;

  constructor(regex: RegexText) {
    this.#regex = regex;
  }

  compile(node: Node): Program {
    this.#add(node, OUTERMOST);
    this.#emit(MATCH);
    this.#lookAhead();
    if (this.#failureCount + 32 * this.#outcomeCount > MAX_BITS) {
      this.#limit("too many choices behind one another");
    }
    return {
      steps: this.#steps,
      failureCount: this.#failureCount,
      outcomeCount: this.#outcomeCount,
      runCount: this.#runCount,
      loopCount: this.#loopCount,
      usesSearchStart: this.#usesSearchStart,
      looksBehind: this.#looksBehind,
    };
  }

  #limit(excess: string): never {
    return refuseRegex(this.#regex, "is too large", excess);
  }

  /** Looks ahead from runs and splits, to save the machine ways that lead nowhere. */
  #lookAhead(): void {
    for (const [i, step] of this.#steps.entries()) {
      const isMeetingAtEnd = step.op === MEET && this.#target(i + 1).op === MATCH;
      if (isMeetingAtEnd) this.#steps[i] = makeStep(JUMP, { first: i + 1 });
    }
    for (const [i, step] of this.#steps.entries()) {
      if (step.op === RUN) step.isLast = this.#target(i + 1).op === MATCH;
      if (step.op !== SPLIT) continue;
      const first = this.#target(step.first);
      if (first.op === SET || (first.op === RUN && first.min > 0)) step.set = first.set;
    }
  }

  #target(at: number): Step {
    let step = this.#steps[at]!;
    while (step.op === JUMP) step = this.#steps[step.first]!;
    return step;
  }

  #emit(op: number, given?: Partial<Step>): Step {
    if (this.#steps.length >= MAX_STEPS) this.#limit(`more than ${MAX_STEPS} steps`);
    const step = makeStep(op, given);
    this.#steps.push(step);
    return step;
  }

  #bitmap(set: CodePointSet): CodePointBitmap {
    const known = this.#bitmapOfSet.get(set);
    if (known !== undefined) return known;
    const key = set.join();
    const bitmap = this.#bitmaps.get(key) ?? new CodePointBitmap(set);
    this.#bitmaps.set(key, bitmap);
    this.#bitmapOfSet.set(set, bitmap);
    return bitmap;
  }

  /** Adds the steps of a part; true if several ways may lead behind it. */
  #add(node: Node, place: Place): boolean {
    switch (node.type) {
      case "set": {
        const set = this.#bitmap(node.set);
        this.#emit(place.isBackward ? SET_BEFORE : SET, { set });
        return place.isShared;
      }
      case "sequence": {
        const nodes = place.isBackward ? node.nodes.toReversed() : node.nodes;
        return nodes.reduce(
          (isShared, one) => this.#add(one, { ...place, isShared }),
          place.isShared,
        );
      }
      case "choice":
        return this.#addChoice(node.nodes, place);
      case "repeat":
        return this.#addRepeat(node, place);
      case "atomic":
        return this.#addAtomic(node.node, place);
      case "look": {
        const step = this.#emit(LOOK, { isNegated: node.isNegated });
        this.#looksBehind ||= node.isBehind;
        this.#add(node.node, {
          ...OUTERMOST,
          isBackward: node.isBehind,
          isInLookBehind: place.isInLookBehind || node.isBehind,
          isInner: true,
        });
        this.#emit(MATCH);
        step.first = this.#steps.length;
        return place.isShared;
      }
      case "assertion":
        if (node.assertion === "searchStart") this.#useSearchStart(place);
        this.#emit(ASSERT, {
          assertion: node.assertion,
          set: node.words && this.#bitmap(node.words),
        });
        return place.isShared;
      case "anyCase":
        return refuseRegex(this.#regex, "is not supported", "a character without its cases");
    }
  }

  #useSearchStart({ isInLookBehind }: Place): void {
    // What fails could not be remembered from one search to the next.
    if (isInLookBehind) {
      refuseRegex(this.#regex, "is not supported", String.raw`\G in a look-behind`);
    }
    this.#usesSearchStart = true;
  }

  #addAtomic(node: Node, { isBackward, isInLookBehind, isShared }: Place): boolean {
    if (isBackward) {
      refuseRegex(this.#regex, "is not supported", "an atomic group in a look-behind");
    }
    const step = this.#emit(ATOMIC);
    this.#add(node, { ...OUTERMOST, isInLookBehind, isInner: true });
    this.#emit(MATCH);
    step.first = this.#steps.length;
    return isShared;
  }

  /** A step that is remembered where several ways lead to it; behind it there is one way again. */
  #emitShared(op: number, { loops, isInner, isShared }: Place): Step {
    const row = isShared ? (isInner ? this.#outcomeCount : this.#failureCount) : -1;
    const count = isShared ? loops.length + 1 : 0;
    if (isInner) this.#outcomeCount += count;
    else this.#failureCount += count;
    return this.#emit(op, { first: this.#steps.length + 1, row, isInner, loops });
  }

  #addChoice(nodes: readonly Node[], place: Place): boolean {
    if (nodes.length === 1) return this.#add(nodes[0]!, place);
    const ends: Step[] = [];
    let isShared = place.isShared;
    for (const node of nodes.slice(0, -1)) {
      const split = this.#emitShared(SPLIT, { ...place, isShared });
      isShared = false;
      this.#add(node, { ...place, isShared });
      ends.push(this.#emit(JUMP));
      split.second = this.#steps.length;
    }
    this.#add(nodes.at(-1)!, { ...place, isShared });
    for (const end of ends) end.first = this.#steps.length;
    this.#emitShared(MEET, { ...place, isShared: true });
    return false;
  }

  #addRepeat(repeat: Repeat, place: Place): boolean {
    const { node, min, max, greed } = repeat;
    if (node.type === "set" && !place.isBackward) {
      const run = this.#runCount++;
      const { loops } = place;
      this.#emit(RUN, { set: this.#bitmap(node.set), min, max, greed, run, loops });
      return true;
    }
    if (greed === "possessive") {
      return this.#addAtomic({ ...repeat, greed: "greedy" }, place);
    }
    let isShared = place.isShared;
    for (let i = 0; i < min; i++) {
      const start = this.#steps.length;
      isShared = this.#add(node, { ...place, isShared });
      if (this.#steps.length === start) break; // nothing, however often
    }
    if (max === Infinity) return this.#addLoop(repeat, place);
    return this.#addOptions(repeat, { ...place, isShared });
  }

  /** Any number of turns. */
  #addLoop({ node, greed }: Repeat, place: Place): boolean {
    if (waitingWays(node) > MAX_WAYS) {
      this.#limit(`a repetition without end of more than ${MAX_WAYS} choices`);
    }
    const isEmptyTurn = isNullable(node);
    const start = this.#steps.length;
    const split = this.#emitShared(SPLIT, { ...place, isShared: true });
    if (isEmptyTurn) {
      const loop = this.#loopCount++;
      this.#emit(TURN, { loop });
      this.#add(node, { ...place, loops: [...place.loops, loop], isShared: false });
      const turned = this.#emit(TURNED, { loop });
      this.#emit(JUMP, { first: start });
      turned.first = this.#steps.length;
    } else {
      this.#add(node, { ...place, isShared: false });
      this.#emit(JUMP, { first: start });
    }
    [split.first, split.second] = ordered(split.first, this.#steps.length, greed === "lazy");
    return isEmptyTurn;
  }

  /** Up to `max - min` times more. */
  #addOptions({ node, min, max, greed }: Repeat, place: Place): boolean {
    const splits: Step[] = [];
    let { isShared } = place;
    for (let i = min; i < max; i++) {
      const start = this.#steps.length;
      splits.push(this.#emitShared(SPLIT, { ...place, isShared }));
      isShared = this.#add(node, { ...place, isShared: false });
      if (this.#steps.length === start + 1) break; // nothing, however often
    }
    for (const split of splits) {
      [split.first, split.second] = ordered(split.first, this.#steps.length, greed === "lazy");
    }
    if (splits.length === 0) return isShared;
    this.#emitShared(MEET, { ...place, isShared: true });
    return false;
  }
}

function ordered(turn: number, exit: number, isLazy: boolean): readonly [number, number] {
  return isLazy ? [exit, turn] : [turn, exit];
}
