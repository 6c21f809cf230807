import type { SplitBehavior } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";

/** A stretch of text that a pattern matched, or one between two matches. */
interface Segment {
  start: number;
  end: number;
  readonly isMatch: boolean;
}

/**
 * Cuts a text at what a pattern matched. "Contiguous" joins neighbors of one kind. The first of
 * several matches in a row is merged with the text before it ("MergedWithPrevious"), the last with the
 * text behind it ("MergedWithNext"); the others stand alone.
 *
 * @param matches start and end of each match, in UTF-16 units, in order; an empty match cuts too
 * @param invert take what lies between the matches for the matches
 */
export function splitMatches(
  text: AlignedText,
  matches: readonly number[],
  behavior: SplitBehavior,
  invert: boolean = false,
): AlignedText[] {
  const pieces: AlignedText[] = [];
  for (const { start, end } of arrange(segmentsOf(text.text, matches, invert), behavior)) {
    if (end > start) pieces.push(text.slice(start, end));
  }
  return pieces;
}

function segmentsOf(text: string, matches: readonly number[], invert: boolean): Segment[] {
  const segments: Segment[] = [];
  let last = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const start = matches[i]!;
    const end = matches[i + 1]!;
    if (last !== start) segments.push({ start: last, end: start, isMatch: invert });
    segments.push({ start, end, isMatch: !invert });
    last = end;
  }
  if (last !== text.length) segments.push({ start: last, end: text.length, isMatch: invert });
  return segments;
}

function arrange(segments: Segment[], behavior: SplitBehavior): readonly Segment[] {
  switch (behavior) {
    case "Isolated":
      return segments;
    case "Removed":
      return segments.filter(({ isMatch }) => !isMatch);
    case "Contiguous":
      return merge(segments, (isMatch, wasMatch) => isMatch === wasMatch);
    case "MergedWithPrevious":
      return merge(segments, (isMatch, wasMatch) => isMatch && !wasMatch);
    case "MergedWithNext":
      return merge(segments.toReversed(), (isMatch, wasMatch) => isMatch && !wasMatch).toReversed();
  }
}

/** Joins each segment with the one before it in the list where `joins` says so. */
function merge(
  segments: readonly Segment[],
  joins: (isMatch: boolean, wasMatch: boolean) => boolean,
): Segment[] {
  const merged: Segment[] = [];
  let wasMatch = false;
  for (const { start, end, isMatch } of segments) {
    const last = merged.at(-1);
    if (last !== undefined && joins(isMatch, wasMatch)) {
      last.start = Math.min(last.start, start);
      last.end = Math.max(last.end, end);
    } else {
      merged.push({ start, end, isMatch });
    }
    wasMatch = isMatch;
  }
  return merged;
}
