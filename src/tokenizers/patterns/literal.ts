import { IdBuffer } from "../collections/id-buffer.ts";
import type { Pattern } from "./pattern.ts";
import { placeAfter } from "./places.ts";

/** Finds a text as it is. The empty one is found before each character and at the end of any text but "". */
export class LiteralPattern implements Pattern {
  readonly #searched: string;

  constructor(searched: string) {
    this.#searched = searched;
  }

  findAll(text: string): Uint32Array {
    const searched = this.#searched;
    if (searched === "") return emptyMatches(text);
    const matches = new IdBuffer();
    let start = text.indexOf(searched);
    while (start >= 0) {
      const end = start + searched.length;
      matches.push(start);
      matches.push(end);
      start = text.indexOf(searched, end);
    }
    return matches.view();
  }
}

function emptyMatches(text: string): Uint32Array {
  const matches = new IdBuffer();
  if (text === "") return matches.view();
  for (let i = 0; i <= text.length; i = placeAfter(text, i)) {
    matches.push(i);
    matches.push(i);
  }
  return matches.view();
}
