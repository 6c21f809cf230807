/** Where the characters of a text come from, by UTF-16 unit: `[start, end)` in the user's text, in code points. */
export interface Alignment {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * A stretch of text on its way from the user to the model. It is well-formed: lone surrogates have
 * become U+FFFD before. The alignment is there only if somebody asked for offsets; it follows through
 * every step.
 */
export class AlignedText {
  readonly text: string;
  /** Whether its first character comes from the start of what the user wrote. */
  readonly isAtStart: boolean;
  readonly alignment: Alignment | undefined;

  constructor(text: string, isAtStart: boolean, alignment?: Alignment) {
    this.text = text;
    this.isAtStart = isAtStart;
    this.alignment = alignment;
  }

  /**
   * A text as the user wrote it, each character aligned with itself.
   * @param origin where it starts in what the user wrote, in code points
   */
  static fromUser(text: string, origin: number): AlignedText {
    const starts = new Int32Array(text.length);
    const ends = new Int32Array(text.length);
    let place = origin;
    for (let i = 0; i < text.length; place++) {
      const width = text.codePointAt(i)! > 0xffff ? 2 : 1;
      for (const end = i + width; i < end; i++) {
        starts[i] = place;
        ends[i] = place + 1;
      }
    }
    return new AlignedText(text, origin === 0, { starts, ends });
  }

  /** `text.slice(start, end)`, which must not cut a surrogate pair. */
  slice(start: number, end: number): AlignedText {
    const text = this.text.slice(start, end);
    if (this.alignment === undefined) {
      return new AlignedText(text, this.isAtStart && start === 0);
    }
    const starts = this.alignment.starts.subarray(start, end);
    const ends = this.alignment.ends.subarray(start, end);
    const isAtStart = start === 0 && end === 0 ? this.isAtStart : starts[0] === 0;
    return new AlignedText(text, isAtStart, { starts, ends });
  }

  /**
   * Another text instead of this one.
   * @param sources for each UTF-16 unit of `text`, the unit of this text whose origin it shares, or
   * -1 for none (an empty place at the start of the text); looked at only if there is an alignment
   */
  rewrite(text: string, sources: ArrayLike<number>): AlignedText {
    if (this.alignment === undefined) return new AlignedText(text, this.isAtStart);
    const before = this.alignment;
    const starts = new Int32Array(text.length);
    const ends = new Int32Array(text.length);
    const start = this.isAtStart ? 0 : (before.starts[0] ?? 0);
    for (let i = 0; i < text.length; i++) {
      const source = sources[i]!;
      starts[i] = source < 0 ? start : before.starts[source]!;
      ends[i] = source < 0 ? start : before.ends[source]!;
    }
    return new AlignedText(text, this.isAtStart, { starts, ends });
  }
}
