import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON } from "orrery-lm/formats";
import { type CodePointSet, complement } from "../unicode/code-point-set.ts";

/**
 * Whose regular expressions these are: those of Oniguruma, which `tokenizer.json` has, or of the Rust
 * crates `fancy-regex` and `regex`, which `tiktoken` has.
 */
export type Dialect = "oniguruma" | "fancy-regex";

// A thousand times what published patterns come to.
const MAX_RUNS = 1_000_000;

/** A regular expression as it is written, and how far it is read. */
export class RegexSource {
  readonly text: string;
  readonly dialect: Dialect;
  position = 0;
  /** Of the sets that classes were put together from so far. */
  #runCount = 0;
  readonly #sets = new Map<string, CodePointSet>();
  readonly #complements = new Map<CodePointSet, CodePointSet>();

  constructor(text: string, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
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
    if (character === "") this.refuse("the end of the expression");
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
    if (this.#runCount > MAX_RUNS) this.refuse("so many and large classes", start);
  }

  /** @throws {FormatError} that names a construct and its place. */
  refuse(construct: string, start: number = this.position): never {
    return refuseRegex(this.text, `${construct} at character ${start}`);
  }
}

/** @throws {FormatError} that names what is not supported. */
export function refuseRegex(text: string, construct: string): never {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  throw new FormatError(
    TOKENIZER_JSON,
    `regular expression /${shown}/: ${construct} is not supported`,
  );
}
