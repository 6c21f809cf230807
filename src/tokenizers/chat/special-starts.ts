/**
 * Marks what could start a special token. A chat template joins, cuts and strips what people say, so a
 * token can come about that none of them said; it is found again by the mark at its start.
 */
export class SpecialStarts {
  readonly #whole: ReadonlySet<string>; // tokens of one character
  readonly #starts: ReadonlySet<string>; // the first character and the UTF-16 unit behind it
  readonly #first: ReadonlySet<string>;

  /** @param tokens the special tokens */
  constructor(tokens: readonly string[]) {
    const starts = tokens.map((token) => firstCharacter(token, 0));
    this.#first = new Set(starts);
    this.#whole = new Set(tokens.filter((token, i) => token === starts[i]));
    this.#starts = new Set(tokens.map((token, i) => token.slice(0, starts[i]!.length + 1)));
  }

  /**
   * Puts a mark behind the first character of each place that begins as a special token does, by two
   * characters or up to the end of the text.
   */
  mark(text: string, mark: string): string {
    let marked = "";
    for (let i = 0; i < text.length;) {
      const character = firstCharacter(text, i);
      marked += character;
      if (this.#first.has(character) && this.#isStart(text, i, character)) marked += mark;
      i += character.length;
    }
    return marked;
  }

  #isStart(text: string, at: number, character: string): boolean {
    const isLast = at + character.length === text.length;
    const start = text.slice(at, at + character.length + 1);
    return isLast || this.#whole.has(character) || this.#starts.has(start);
  }
}

function firstCharacter(text: string, at: number): string {
  return text.codePointAt(at)! > 0xffff ? text.slice(at, at + 2) : text.charAt(at);
}
