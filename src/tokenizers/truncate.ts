/** What {@link truncateText} needs to know about a text. */
export interface TruncateTextOptions {
  /** Of the tokens of the whole text, in UTF-16 units. */
  readonly offsets: readonly (readonly [start: number, end: number])[];
  /** Tokens that may stay. */
  readonly room: number;
  /** Which end is cut off. */
  readonly side: "left" | "right";
  readonly count: (part: string) => number;
}

/**
 * Cuts a text between two of its tokens so that the rest takes at most `room` tokens.
 *
 * The rest by itself can take more tokens than it did inside the whole text (`'re` cut to `'r` is two
 * pieces), so it is counted again, and cut further until it fits.
 */
export function truncateText(
  text: string,
  { offsets, room, side, count }: TruncateTextOptions,
): string {
  if (offsets.length <= room) return text;
  for (let kept = room; kept > 0; kept--) {
    const part = side === "right" ? head(text, offsets, kept) : tail(text, offsets, kept);
    if (count(part) <= room) return part;
  }
  return "";
}

type Offsets = TruncateTextOptions["offsets"];

/** The text of the first `kept` tokens, without a character that the next one shares. */
function head(text: string, offsets: Offsets, kept: number): string {
  return text.slice(0, Math.min(offsets[kept - 1]![1], offsets[kept]![0]));
}

/** The text of the last `kept` tokens, without a character that the one before shares. */
function tail(text: string, offsets: Offsets, kept: number): string {
  const first = offsets.length - kept;
  return text.slice(Math.max(offsets[first]![0], offsets[first - 1]![1]));
}
