import type { AlignedText } from "../aligned-text.ts";

/**
 * Writes another text from left to right and aligns it as the reference's `Precompiled` does: it
 * notes for each new character how many it adds (1) or takes away (-n) and counts them off against the
 * old text only at the end.
 *
 * Traps: what replaces fewer characters takes their places one by one, and the rest shares the last
 * place; characters that are taken away go with the last one that was written; and if there is none, at the
 * start of the text, they are forgotten, so that all places behind are too early.
 */
export class Changes {
  readonly #before: AlignedText;
  readonly #counts: number[] | undefined; // by character of the new text, if there is an alignment
  #text = "";
  #position = 0;
  #isChanged = false;

  constructor(before: AlignedText) {
    this.#before = before;
    this.#counts = before.alignment === undefined ? undefined : [];
  }

  /** Keeps the next character of the old text. */
  keep(): void {
    this.#counts?.push(0);
  }

  /** Puts `content` instead of `[start, end)`. */
  replace(start: number, end: number, content: string): void {
    this.#isChanged = true;
    this.#text += this.#before.text.slice(this.#position, start) + content;
    this.#position = end;
    const counts = this.#counts;
    if (counts === undefined) return;
    const oldCount = countCharacters(this.#before.text, start, end);
    const newCount = countCharacters(content, 0, content.length);
    for (let i = 0; i < newCount; i++) counts.push(i < oldCount ? 0 : 1);
    if (newCount < oldCount && counts.length > 0) counts[counts.length - 1]! -= oldCount - newCount;
  }

  finish(): AlignedText {
    if (!this.#isChanged) return this.#before;
    const text = this.#text + this.#before.text.slice(this.#position);
    return this.#before.rewrite(text, this.#sources(text));
  }

  /** For each unit of the new text the unit of the old one whose place it has. */
  #sources(text: string): Int32Array {
    const sources = new Int32Array(this.#counts === undefined ? 0 : text.length);
    const old = this.#before.text;
    let place = 0; // in the old text
    let unit = 0; // in the new text
    for (const count of this.#counts ?? []) {
      const source = count > 0 ? place - 1 : Math.min(place, old.length - 1);
      for (let taken = 0; taken < 1 - count; taken++) {
        if (place < old.length) place += old.codePointAt(place)! > 0xffff ? 2 : 1;
      }
      const width = text.codePointAt(unit)! > 0xffff ? 2 : 1;
      sources.fill(source, unit, unit + width);
      unit += width;
    }
    return sources;
  }
}

function countCharacters(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++, count++) if (text.codePointAt(i)! > 0xffff) i++;
  return count;
}
