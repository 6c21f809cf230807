import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON } from "orrery-lm/formats";

/**
 * Whose regular expressions these are: those of Oniguruma, which `tokenizer.json` has, or of the Rust
 * crates `fancy-regex` and `regex`, which `tiktoken` has.
 */
export type Dialect = "oniguruma" | "fancy-regex";

/** A regular expression as it is written, and how far it is read. */
export class RegexSource {
  readonly text: string;
  readonly dialect: Dialect;
  position = 0;

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
