import type { SplitBehavior } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";

/** A stretch of text that a pattern matched, or one between two matches. */
interface Segment {
  readonly start: number;
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
 * @yields the pieces that are not empty
 */
export function* splitMatches(
  text: AlignedText,
  matches: Uint32Array,
  behavior: SplitBehavior,
  invert: boolean = false,
): Generator<AlignedText> {
  for (const { start, end } of arrange(segmentsOf(text.text, matches, invert), behavior)) {
    if (end > start) yield text.slice(start, end);
  }
}

function* segmentsOf(text: string, matches: Uint32Array, invert: boolean): Generator<Segment> {
  let last = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const start = matches[i]!;
    const end = matches[i + 1]!;
    if (last !== start) yield { start: last, end: start, isMatch: invert };
    yield { start, end, isMatch: !invert };
    last = end;
  }
  if (last !== text.length) yield { start: last, end: text.length, isMatch: invert };
}

function arrange(segments: Iterable<Segment>, behavior: SplitBehavior): Iterable<Segment> {
  switch (behavior) {
    case "Isolated":
      return segments;
    case "Removed":
      return withoutMatches(segments);
    case "Contiguous":
      return merge(segments, (isMatch, wasMatch) => isMatch === wasMatch);
    case "MergedWithPrevious":
      return merge(segments, (isMatch, wasMatch) => isMatch && !wasMatch);
    case "MergedWithNext":
      return merge(segments, (isMatch, wasMatch) => !isMatch && wasMatch);
  }
}

function* withoutMatches(segments: Iterable<Segment>): Generator<Segment> {
  for (const segment of segments) if (!segment.isMatch) yield segment;
}

/**
 * Joins each segment with the one before it where `joins` says so.
 * @yields what it joined
 */
function* merge(
  segments: Iterable<Segment>,
  joins: (isMatch: boolean, wasMatch: boolean) => boolean,
): Generator<Segment> {
  let joined: Segment | undefined;
  let wasMatch = false;
  for (const segment of segments) {
    const { end, isMatch } = segment;
    if (joined !== undefined && joins(isMatch, wasMatch)) {
      joined.end = end;
    } else {
      if (joined !== undefined) yield joined;
      joined = segment;
    }
    wasMatch = isMatch;
  }
  if (joined !== undefined) yield joined;
}
