import { FormatError } from "orrery-lm/base";
import { type CodePointSet, complement } from "../unicode/code-point-set.ts";

/**
 * Whose regular expressions these are: those of Oniguruma, which `tokenizer.json` has, or of the Rust
 * crates `fancy-regex` and `regex`, which `tiktoken` has.
 */
export type Dialect = "oniguruma" | "fancy-regex";

/** A regular expression as it is written. */
export interface RegexText {
  readonly text: string;
  readonly dialect: Dialect;
  /** What it is part of, for errors. */
  readonly origin: string;
}

/** What may be wrong with a regular expression. */
export type RegexFault = "is broken" | "is not supported" | "is too large";

// A thousand times what published patterns come to.
const MAX_RUNS = 1_000_000;

/** A regular expression, and how far it is read. */
export class RegexSource {
  readonly #regex: RegexText;
  readonly text: string;
  readonly dialect: Dialect;
  position = 0;
  /** Of the sets that classes were put together from so far. */
  #runCount = 0;
  readonly #sets = new Map<string, CodePointSet>();
  readonly #complements = new Map<CodePointSet, CodePointSet>();

  constructor(regex: RegexText) {
    this.#regex = regex;
    this.text = regex.text;
    this.dialect = regex.dialect;
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The next character, or "" at the end. */
  peek(): string {
    const codePoint = this.text.codePointAt(this.position);
    return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
  }

  /** Reads the next character. */
  next(): string {
    const character = this.peek();
    if (character === "") this.reject("the end comes where a character is expected");
    this.position += character.length;
    return character;
  }

  /** Reads `expected` if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  /** Reads what a sticky expression matches here. */
  takeMatch(sticky: RegExp): RegExpExecArray | undefined {
    const expression = new RegExp(sticky);
    expression.lastIndex = this.position;
    const match = expression.exec(this.text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  /** A set that takes long to make: made once, however often the expression names it. */
  once(name: string, make: () => CodePointSet): CodePointSet {
    const set = this.#sets.get(name) ?? make();
    this.#sets.set(name, set);
    return set;
  }

  /** What is not in a set, made once too. */
  complementOf(set: CodePointSet): CodePointSet {
    const others = this.#complements.get(set) ?? complement(set);
    this.#complements.set(set, others);
    return others;
  }

  /** Counts sets that a class is put together from, and refuses classes that take long. */
  spend(sets: readonly CodePointSet[], start: number): void {
    for (const set of sets) this.#runCount += set.length / 2;
    if (this.#runCount > MAX_RUNS) this.limit("so many and large classes", start);
  }

  /** @throws {FormatError} that names a construct that is not here, and its place. */
  refuse(construct: string, start: number = this.position): never {
    return refuseRegex(this.#regex, "is not supported", `${construct} at character ${start}`);
  }

  /** @throws {FormatError} that names what is wrong, and its place. */
  reject(problem: string, start: number = this.position): never {
    return refuseRegex(this.#regex, "is broken", `${problem} at character ${start}`);
  }

  /** @throws {FormatError} that names what there is too much of, and its place. */
  limit(excess: string, start: number = this.position): never {
    return refuseRegex(this.#regex, "is too large", `${excess} at character ${start}`);
  }
}

/** @throws {FormatError} that says what a regular expression is part of, and what is wrong with it. */
export function refuseRegex({ text, origin }: RegexText, fault: RegexFault, what: string): never {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  throw new FormatError(origin, `regular expression /${shown}/ ${fault}: ${what}`);
}
