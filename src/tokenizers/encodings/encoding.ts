import { lengthOf } from "../collections/utf8.ts";

/** What {@link Tokenizer.encodeFull} gives; all lists are equally long. */
export interface Encoding {
  readonly ids: Uint32Array;
  readonly tokens: readonly string[];
  /** `[start, end)` in the text that the token comes from; a character that several tokens share is in each. */
  readonly offsets: readonly (readonly [start: number, end: number])[];
  /** 0 in the text, 1 in its pair. */
  readonly typeIds: Uint8Array;
  /** 1, but 0 for padding. */
  readonly attentionMask: Uint8Array;
  /** 1 for padding and what the post-processor added, not for special tokens that stood in the text. */
  readonly specialTokensMask: Uint8Array;
  /** 0 for tokens of the text, 1 for those of its pair, -1 for those that were added. */
  readonly sequenceIds: Int8Array;
  /**
   * With truncation, the parts that did not fit, each an input of its own; of two texts every part of
   * the one with every part of the other. The list is made when it is first read, for of two long
   * texts it can be larger than memory: tokens · maxLength / (maxLength − stride) of one text, tokens
   * · maxLength if the stride is just below.
   */
  readonly overflowing?: readonly Encoding[];
}

/** What offsets count: JavaScript's string units, Unicode code points (as Python), or bytes of UTF-8. */
export type OffsetUnit = "utf16" | "codepoint" | "byte";

/**
 * For each place in a text in UTF-16 units, the code points before it. A lone surrogate counts as one,
 * for it becomes U+FFFD. The place inside a pair has no meaning.
 */
export function codePointsBefore(text: string): Uint32Array {
  const before = new Uint32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    before[i] = count++;
    if (text.codePointAt(i)! > 0xffff) i++;
  }
  before[text.length] = count;
  return before;
}

/** Makes the function that turns an offset into `text`, in code points, into another unit. */
export function fromCodePoints(text: string, unit: OffsetUnit): (offset: number) => number {
  if (unit === "codepoint") return (offset) => offset;
  const converted = new Float64Array(text.length + 1);
  let codePoints = 0;
  let units = 0;
  for (let i = 0; i < text.length;) {
    const codePoint = text.codePointAt(i)!;
    const width = codePoint > 0xffff ? 2 : 1;
    converted[codePoints++] = units;
    units += unit === "utf16" ? width : lengthOf(codePoint);
    i += width;
  }
  converted[codePoints] = units;
  return (offset) => converted[offset]!;
}

/** An encoding with offsets in another unit than code points; `texts` are the text and its pair. */
export function withOffsetUnit(
  encoding: Encoding,
  texts: readonly string[],
  unit: OffsetUnit,
): Encoding {
  if (unit === "codepoint") return encoding;
  const convert = texts.map((text) => fromCodePoints(text, unit));
  const offsets = encoding.offsets.map(([start, end], i): readonly [number, number] => {
    const convertOne = convert[Math.max(0, encoding.sequenceIds[i]!)]!;
    return [convertOne(start), convertOne(end)];
  });
  return { ...encoding, offsets };
}
