import type { Pattern } from "./pattern.ts";

/** Finds a text as it is. The empty one is found before each character and at the end of any text but "". */
export class LiteralPattern implements Pattern {
  readonly #searched: string;

  constructor(searched: string) {
    this.#searched = searched;
  }

  findAll(text: string): readonly number[] {
    const searched = this.#searched;
    if (searched === "") return text === "" ? [] : emptyMatches(text);
    const matches: number[] = [];
    let start = text.indexOf(searched);
    while (start >= 0) {
      const end = start + searched.length;
      matches.push(start, end);
      start = text.indexOf(searched, end);
    }
    return matches;
  }
}

function emptyMatches(text: string): number[] {
  const matches: number[] = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i)! > 0xffff ? 2 : 1) matches.push(i, i);
  matches.push(text.length, text.length);
  return matches;
}
