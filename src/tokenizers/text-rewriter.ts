import type { AlignedText } from "./aligned-text.ts";

/** Places that are kept for a text; more take gigabytes, and longer than anyone waits. */
const MAX_SOURCES = 2 ** 27;

/** Writes another text from left to right, beside the one that it replaces, and keeps both aligned. */
export class TextRewriter {
  readonly #before: AlignedText;
  #sources: Int32Array | undefined; // by unit of the new text, kept only if somebody asks
  #text = "";
  #position = 0;

  constructor(before: AlignedText) {
    this.#before = before;
    this.#sources = before.alignment === undefined ? undefined : new Int32Array(64);
  }

  /**
   * Copies the old text from where it stands up to `end`.
   * @throws {RangeError} if the new text is longer than a string, or its places a list, can be.
   */
  copyTo(end: number): void {
    const start = this.#text.length;
    this.#text += this.#before.text.slice(this.#position, end);
    const sources = this.#sourcesFor(this.#text.length);
    if (sources)
      for (let i = start; i < this.#text.length; i++) sources[i] = this.#position + i - start;
    this.#position = end;
  }

  /**
   * Puts in a text that shares the place of a unit of the old one, or, with -1, has none.
   * @throws {RangeError} as `copyTo`.
   */
  put(content: string, source: number): void {
    const start = this.#text.length;
    this.#text += content;
    this.#sourcesFor(this.#text.length)?.fill(source, start, this.#text.length);
  }

  /** Room for the places of so many units. */
  #sourcesFor(length: number): Int32Array | undefined {
    if (this.#sources === undefined || length <= this.#sources.length) return this.#sources;
    if (length > MAX_SOURCES) throw new RangeError(`places of ${length} characters`);
    const larger = new Int32Array(Math.min(MAX_SOURCES, 2 * length));
    larger.set(this.#sources);
    this.#sources = larger;
    return larger;
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
