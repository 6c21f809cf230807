import { IdBuffer } from "../collections/id-buffer.ts";
import { compileRegex } from "./compile-regex.ts";
import { Matcher } from "./matcher.ts";
import { parseRegex } from "./parse-regex.ts";
import type { Pattern } from "./pattern.ts";
import { placeAfter } from "./places.ts";
import type { Program } from "./program.ts";
import type { RegexText } from "./regex-source.ts";

/**
 * A regular expression with the meaning that it has in the reference, which JavaScript's own cannot
 * give: classes by Unicode 16.0 whatever the engine, `\s` as White_Space, `(?i:…)` with "ſ" and "K",
 * possessive and atomic groups, classes in classes, `\G`. No text makes it take exponential time.
 *
 * Not there, and refused by name: back-references and calls, conditions, absent groups, callouts, `\K`,
 * `\X`, `\y`, blocks (`\p{In_…}`), atomic groups and `\G` in look-behinds.
 *
 * @see https://github.com/kkos/oniguruma/blob/master/doc/RE
 */
export class RegexPattern implements Pattern {
  readonly #program: Program;

  /** @throws {FormatError} if it is broken, or asks for something that is not here. */
  constructor(regex: RegexText) {
    this.#program = compileRegex(parseRegex(regex), regex);
  }

  findAll(text: string): Uint32Array {
    const matches = new IdBuffer();
    if (text === "") return matches.view();
    const matcher = new Matcher(this.#program, text);
    let lastEnd = -1;
    for (let from = 0; from <= text.length;) {
      const match = matcher.search(from);
      if (match === undefined) break;
      const [start, end] = match;
      if (start === end && end === lastEnd) {
        from = placeAfter(text, from);
      } else {
        matches.push(start);
        matches.push(end);
        from = end;
        lastEnd = end;
      }
    }
    return matches.view();
  }
}
