import { compileRegex } from "./compile-regex.ts";
import { Matcher } from "./matcher.ts";
import { parseRegex } from "./parse-regex.ts";
import type { Program } from "./program.ts";
import type { RegexText } from "./regex-source.ts";

/**
 * The alternatives of a regular expression, `a|b|c`, to say which one matched. Where they cannot be
 * told apart (`\G` depends on where a search began) the whole expression counts as one.
 */
export class Alternatives {
  /** As they are written. */
  readonly texts: readonly string[];
  readonly #programs: readonly Program[];

  /** @throws {FormatError} if the expression is broken, or asks for something that is not here. */
  constructor(regex: RegexText) {
    const { text } = regex;
    const whole = parseRegex(regex);
    const nodes = whole.type === "choice" ? whole.nodes : [whole];
    const texts = cutAtBars(text);
    const programs = nodes.map((node) => compileRegex(node, regex));
    const isClear = texts.length === nodes.length && !programs.some((p) => p.usesSearchStart);
    this.texts = isClear ? texts : [text];
    this.#programs = isClear ? programs : [];
  }

  /**
   * Makes a function that gives the alternative which matches at a place of a text. Its places must
   * ascend, so that the whole takes linear time.
   */
  finderIn(text: string): (start: number) => string {
    const searches = this.#programs.map((program) => new Search(program, text));
    return (start) => {
      const first = searches.findIndex((search) => search.matchesAt(start));
      return this.texts[Math.max(0, first)]!;
    };
  }
}

/** Asks a program at ascending places of a text whether it matches there. */
class Search {
  readonly #matcher: Matcher;
  /** The start of the first match at or behind the last place. */
  #next = -1;

  constructor(program: Program, text: string) {
    this.#matcher = new Matcher(program, text);
  }

  matchesAt(place: number): boolean {
    if (this.#next < place) this.#next = this.#matcher.search(place)?.[0] ?? Infinity;
    return this.#next === place;
  }
}

/** Cuts an expression at the bars that stand in no class or group. */
function cutAtBars(text: string): string[] {
  const parts: string[] = [];
  let depth = 0; // of groups
  let classDepth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (character === "[") classDepth++;
    else if (character === "]") classDepth = Math.max(0, classDepth - 1);
    else if (classDepth > 0) continue;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
