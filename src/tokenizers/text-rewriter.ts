import type { AlignedText } from "./aligned-text.ts";

/** Writes another text from left to right, beside the one that it replaces, and keeps both aligned. */
export class TextRewriter {
  readonly #before: AlignedText;
  readonly #sources: number[] | undefined; // by unit of the new text, kept only if somebody asks
  #text = "";
  #position = 0;

  constructor(before: AlignedText) {
    this.#before = before;
    this.#sources = before.alignment === undefined ? undefined : [];
  }

  /** Copies the old text from where it stands up to `end`. */
  copyTo(end: number): void {
    this.#text += this.#before.text.slice(this.#position, end);
    if (this.#sources !== undefined) {
      for (let i = this.#position; i < end; i++) this.#sources.push(i);
    }
    this.#position = end;
  }

  /** Puts in a text that shares the place of a unit of the old one, or, with -1, has none. */
  put(content: string, source: number): void {
    this.#text += content;
    if (this.#sources !== undefined) {
      for (let i = 0; i < content.length; i++) this.#sources.push(source);
    }
  }

  /** Leaves out the old text up to `end`. */
  skipTo(end: number): void {
    this.#position = end;
  }

  /** Puts `content` instead of `[start, end)`, at the place of the last character of it. */
  replace(start: number, end: number, content: string): void {
    this.copyTo(start);
    this.put(content, end - 1);
    this.skipTo(end);
  }

  /** The new text, with the rest of the old one. */
  finish(): AlignedText {
    this.copyTo(this.#before.text.length);
    return this.#before.rewrite(this.#text, this.#sources ?? []);
  }
}
