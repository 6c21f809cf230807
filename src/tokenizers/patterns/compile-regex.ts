import { CodePointBitmap } from "../unicode/code-point-bitmap.ts";
import { type CodePointSet } from "../unicode/code-point-set.ts";
import {
  ASSERT,
  ATOMIC,
  JUMP,
  LOOK,
  MATCH,
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
import { refuseRegex } from "./regex-source.ts";
import type { Node } from "./syntax-tree.ts";

type Repeat = Extract<Node, { readonly type: "repeat" }>;

// Repetitions of groups are written out, so that "(?:(?:ab){1000}){1000}" would be a million steps.
const MAX_STEPS = 50_000;

/** Where in a program a part stands. */
interface Place {
  /** In a look-behind, which reads from its end. */
  readonly isBackward: boolean;
  /** The loops around it whose turns may be empty. */
  readonly loops: readonly number[];
  /** Whether several ways may lead to one place of the text here, so that failures are remembered. */
  readonly isShared: boolean;
}

/**
 * Makes a program of a regular expression.
 * @param text of the expression, for errors
 * @throws {FormatError} if it would be too large, or is atomic in a look-behind.
 */
export function compileRegex(node: Node, text: string): Program {
  return new Compiler(text).compile(node);
}

class Compiler {
  readonly #text: string;
  readonly #steps: Step[] = [];
  readonly #bitmaps = new Map<string, CodePointBitmap>();
  readonly #bitmapOfSet = new Map<CodePointSet, CodePointBitmap>();
  #rowCount = 0;
  #runCount = 0;
  #loopCount = 0;
  #usesSearchStart = false;

  constructor(text: string) {
    this.#text = text;
  }

  compile(node: Node): Program {
    this.#add(node, { isBackward: false, loops: [], isShared: false });
    this.#emit(MATCH);
    this.#lookAhead();
    return {
      steps: this.#steps,
      rowCount: this.#rowCount,
      runCount: this.#runCount,
      loopCount: this.#loopCount,
      usesSearchStart: this.#usesSearchStart,
    };
  }

  /** Looks ahead from runs and splits, to save the machine ways that lead nowhere. */
  #lookAhead(): void {
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
    if (this.#steps.length >= MAX_STEPS) refuseRegex(this.#text, `more than ${MAX_STEPS} steps`);
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
        this.#add(node.node, { isBackward: node.isBehind, loops: [], isShared: false });
        this.#emit(MATCH);
        step.first = this.#steps.length;
        return place.isShared;
      }
      case "assertion":
        this.#usesSearchStart ||= node.assertion === "searchStart";
        this.#emit(ASSERT, {
          assertion: node.assertion,
          set: node.words && this.#bitmap(node.words),
        });
        return place.isShared;
      case "anyCase":
        return refuseRegex(this.#text, "a character that no case was found for");
    }
  }

  #addAtomic(node: Node, { isBackward, isShared }: Place): boolean {
    if (isBackward) refuseRegex(this.#text, "an atomic group in a look-behind");
    const step = this.#emit(ATOMIC);
    this.#add(node, { isBackward, loops: [], isShared: false });
    this.#emit(MATCH);
    step.first = this.#steps.length;
    return isShared;
  }

  #split({ loops, isShared }: Place): Step {
    const row = isShared ? this.#rowCount : -1;
    if (isShared) this.#rowCount += loops.length + 1;
    return this.#emit(SPLIT, { first: this.#steps.length + 1, row, loops });
  }

  #addChoice(nodes: readonly Node[], place: Place): boolean {
    const ends: Step[] = [];
    for (const node of nodes.slice(0, -1)) {
      const split = this.#split(place);
      this.#add(node, place);
      ends.push(this.#emit(JUMP));
      split.second = this.#steps.length;
    }
    const isShared = this.#add(nodes.at(-1)!, place);
    for (const end of ends) end.first = this.#steps.length;
    return isShared || nodes.length > 1;
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
    if (max === Infinity) this.#addLoop(repeat, place);
    else this.#addOptions(repeat, { ...place, isShared });
    return isShared || max > min;
  }

  /** Any number of turns. */
  #addLoop({ node, greed }: Repeat, place: Place): void {
    const start = this.#steps.length;
    const split = this.#split({ ...place, isShared: true });
    if (isNullable(node)) {
      const loop = this.#loopCount++;
      this.#emit(TURN, { loop });
      this.#add(node, { ...place, loops: [...place.loops, loop], isShared: true });
      const turned = this.#emit(TURNED, { loop });
      this.#emit(JUMP, { first: start });
      turned.first = this.#steps.length;
    } else {
      this.#add(node, { ...place, isShared: true });
      this.#emit(JUMP, { first: start });
    }
    [split.first, split.second] = ordered(split.first, this.#steps.length, greed === "lazy");
  }

  /** Up to `max - min` times more. */
  #addOptions({ node, min, max, greed }: Repeat, place: Place): void {
    const splits: Step[] = [];
    let isShared = place.isShared;
    for (let i = min; i < max; i++) {
      const start = this.#steps.length;
      splits.push(this.#split({ ...place, isShared }));
      this.#add(node, { ...place, isShared });
      isShared = true;
      if (this.#steps.length === start + 1) break; // nothing, however often
    }
    for (const split of splits) {
      [split.first, split.second] = ordered(split.first, this.#steps.length, greed === "lazy");
    }
  }
}

function ordered(turn: number, exit: number, isLazy: boolean): readonly [number, number] {
  return isLazy ? [exit, turn] : [turn, exit];
}

/** Whether a part can match without going on. */
function isNullable(node: Node): boolean {
  switch (node.type) {
    case "set":
    case "anyCase":
      return false;
    case "sequence":
      return node.nodes.every(isNullable);
    case "choice":
      return node.nodes.some(isNullable);
    case "repeat":
      return node.min === 0 || isNullable(node.node);
    case "atomic":
      return isNullable(node.node);
    case "look":
    case "assertion":
      return true;
  }
}
