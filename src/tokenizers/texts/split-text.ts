import { ConfigError } from "orrery-lm/base";

/** A part of a text that {@link Tokenizer.split} gives. */
export interface TextChunk {
  readonly text: string;
  /** Where it stands in the whole, `[start, end)` in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** What those need to know of a tokenizer who cut texts. */
export interface TextCounting {
  /** Tokens that the post-processor puts around a text. */
  readonly addedTokens: number;
  /** The tokens of a text, without those. */
  readonly count: (part: string) => number;
  /** Where these tokens stand, in UTF-16 units. */
  readonly offsets: (text: string) => readonly (readonly [start: number, end: number])[];
}

/**
 * Cuts a text into chunks of at most `maxTokens`. All of the text is in some chunk. It is cut
 * between two of its tokens, as late as possible, and inside a token only where its characters share
 * so many that they do not fit together; never inside a character.
 *
 * A chunk by itself can take more tokens than it did inside the whole text, so it is counted again
 * and cut shorter until it fits. A character that alone takes more is a chunk of its own.
 * @throws {ConfigError} if `maxTokens` or `overlap` leaves no room.
 */
export function splitText(
  text: string,
  options: TextCounting & { readonly maxTokens: number; readonly overlap: number },
): TextChunk[] {
  const { addedTokens, maxTokens, overlap, count } = options;
  const room = maxTokens - addedTokens;
  if (!Number.isInteger(room) || room < 1) {
    throw new ConfigError(
      `Tokenizer.split: maxTokens must be a whole number above ${addedTokens}, the tokens that are ` +
        `added to each chunk; got ${maxTokens}`,
    );
  }
  if (!Number.isInteger(overlap) || overlap < 0 || overlap >= room) {
    throw new ConfigError(`Tokenizer.split: overlap must be 0 … ${room - 1}, got ${overlap}`);
  }
  const places = cutPlaces(text, options.offsets(text));
  const chunks: TextChunk[] = [];
  for (let first = 0; first + 1 < places.length;) {
    const start = places[first]!.unit;
    let last = lastWithin(places, first, room);
    while (last > first + 1 && count(text.slice(start, places[last]!.unit)) > room) last--;
    const end = places[last]!.unit;
    if (last > first + 1) chunks.push({ text: text.slice(start, end), start, end });
    else chunks.push(...splitCharacters(text, [start, end], (part) => count(part) <= room));
    if (last + 1 === places.length) break;
    first = nextStart(places, { first, last, overlap });
  }
  return chunks;
}

/** A place between two tokens, and how many tokens there are before it. */
interface CutPlace {
  readonly unit: number;
  readonly tokens: number;
}

/** The places that no token crosses, with the start and the end of the text. */
function cutPlaces(
  text: string,
  offsets: ReturnType<TextCounting["offsets"]>,
): readonly CutPlace[] {
  const places: CutPlace[] = [{ unit: 0, tokens: 0 }];
  let reached = 0;
  for (const [i, [start, end]] of offsets.entries()) {
    if (start >= reached && start > places.at(-1)!.unit) places.push({ unit: start, tokens: i });
    reached = Math.max(reached, end);
  }
  if (text.length > places.at(-1)!.unit) places.push({ unit: text.length, tokens: offsets.length });
  return places;
}

/** The last place that leaves at most `room` tokens behind the first, but at least the next one. */
function lastWithin(places: readonly CutPlace[], first: number, room: number): number {
  let last = first + 1;
  const most = places[first]!.tokens + room;
  while (last + 1 < places.length && places[last + 1]!.tokens <= most) last++;
  return last;
}

/** Where the next chunk starts: at most `overlap` tokens back, but further on than this one did. */
function nextStart(
  places: readonly CutPlace[],
  { first, last, overlap }: { first: number; last: number; overlap: number },
): number {
  let next = last;
  const least = places[last]!.tokens - overlap;
  while (next - 1 > first && places[next - 1]!.tokens >= least) next--;
  return next;
}

/** Cuts `[start, end)` between characters, into halves until they fit. Most of the time it fits. */
function splitCharacters(
  text: string,
  [start, end]: readonly [number, number],
  fits: (part: string) => boolean,
): TextChunk[] {
  const part = text.slice(start, end);
  const half = Math.max(1, Math.floor(part.length / 2));
  const isInPair = text.codePointAt(start + half - 1)! > 0xffff;
  const middle = start + half + (isInPair ? 1 : 0);
  if (middle >= end || fits(part)) return [{ text: part, start, end }];
  return [
    ...splitCharacters(text, [start, middle], fits),
    ...splitCharacters(text, [middle, end], fits),
  ];
}
