/** What {@link Tokenizer.encodeFull} gives; all lists are equally long. */
export interface Encoding {
  readonly ids: Uint32Array;
  readonly tokens: readonly string[];
  /** `[start, end)` in the text that the token comes from; a character that several tokens share is in each. */
  readonly offsets: readonly (readonly [start: number, end: number])[];
  /** 0 in the text, 1 in its pair. */
  readonly typeIds: Uint8Array;
  /** 1 everywhere: there is no padding. */
  readonly attentionMask: Uint8Array;
  /** 1 for the tokens that the post-processor added, not for special tokens that stood in the text. */
  readonly specialTokensMask: Uint8Array;
}

/** What offsets count: JavaScript's string units, Unicode code points (as Python), or bytes of UTF-8. */
export type OffsetUnit = "utf16" | "codepoint" | "byte";

/**
 * Makes the function that turns an offset into `text`, in UTF-16 units, into another unit.
 * A lone surrogate counts as U+FFFD: one code point, three bytes.
 */
export function offsetConverter(text: string, unit: OffsetUnit): (offset: number) => number {
  if (unit === "utf16") return (offset) => offset;
  const converted = new Float64Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    converted[i] = count;
    const codePoint = text.codePointAt(i)!;
    count += unit === "codepoint" ? 1 : utf8Length(codePoint);
    // No token begins inside a surrogate pair.
    if (codePoint > 0xffff) converted[++i] = count;
  }
  converted[text.length] = count;
  return (offset) => converted[offset]!;
}

function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}
