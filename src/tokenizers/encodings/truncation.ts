import { ConfigError } from "orrery-lm/base";
import type { TruncationJson } from "orrery-lm/formats";
import type { Encoding } from "./encoding.ts";
import { sliceEncoding } from "./slice-encoding.ts";

/** How to cut inputs that have too many tokens. */
export interface Truncation {
  /** Tokens in all, those of the post-processor included. */
  readonly maxLength: number;
  /** How many tokens an overflowing part shares with the one before. @default 0 */
  readonly stride?: number;
  /** Which of two texts is cut; "LongestFirst": token by token the longer one. @default "LongestFirst" */
  readonly strategy?: TruncationJson["strategy"];
  /** The end that is cut off. @default "Right" */
  readonly direction?: TruncationJson["direction"];
}

/** Which tokens of a text stay, and which parts overflow, as `[start, end)`; the first part stays. */
export type Parts = readonly (readonly [start: number, end: number])[];

/**
 * Says how many tokens of two texts stay.
 *
 * LongestFirst: if both must be cut, each gets half of the room, and the longer one the odd
 * token, or the second if they are equal. Hugging Face `tokenizers` has this rule, but 0.23 stops
 * reading both texts when it has `maxLength` tokens, and so may find another one the longer. Where the text that
 * OnlyFirst or OnlySecond may cut is too short, the reference fails; here the other is cut too, for
 * user text never throws.
 */
export function lengthsThatFit(
  lengths: readonly [first: number, second: number],
  room: number,
  strategy: TruncationJson["strategy"],
): readonly [first: number, second: number] {
  const [first, second] = lengths;
  const excess = first + second - room;
  if (excess <= 0) return lengths;
  if (strategy === "OnlyFirst") {
    const kept = Math.max(0, first - excess);
    return [kept, Math.min(second, room - kept)];
  }
  if (strategy === "OnlySecond") {
    const kept = Math.max(0, second - excess);
    return [Math.min(first, room - kept), kept];
  }
  const shorter = Math.min(first, second);
  let small = shorter;
  let large = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (small + large > room) {
    small = Math.floor(room / 2);
    large = small + (room % 2);
  }
  return first > second ? [large, small] : [small, large];
}

/**
 * Cuts `length` tokens into parts of at most `kept`; each shares `stride` tokens with the one before.
 * With nothing kept, the first part is empty and the second is everything. Where a short text leaves
 * no room for the stride, parts move on by one token; there the reference panics.
 */
export function partsOf(
  length: number,
  kept: number,
  { stride, direction }: { readonly stride: number; readonly direction: "Left" | "Right" },
): Parts {
  if (kept >= length) return [[0, length]];
  const none = direction === "Right" ? 0 : length;
  if (kept === 0) {
    return [
      [none, none],
      [0, length],
    ];
  }
  const parts: (readonly [number, number])[] = [];
  const step = Math.max(1, kept - stride);
  if (direction === "Right") {
    for (let start = 0, end = 0; end < length; start += step) {
      end = Math.min(start + kept, length);
      parts.push([start, end]);
    }
  } else {
    for (let end = length, start = length; start > 0; end -= step) {
      start = Math.max(0, end - kept);
      parts.push([start, end]);
    }
  }
  return parts;
}

/** The options with their defaults. @throws {ConfigError} if a number is none. */
export function completeTruncation(given: Truncation): TruncationJson {
  const { maxLength, stride = 0, strategy = "LongestFirst", direction = "Right" } = given;
  for (const [name, value] of Object.entries({ maxLength, stride })) {
    if (!Number.isInteger(value) || value < 0) {
      throw new ConfigError(`truncation: ${name} must be 0, 1, 2, …, got ${value}`);
    }
  }
  if (stride > 0 && stride >= maxLength) {
    throw new ConfigError(`truncation: stride must be below maxLength ${maxLength}, got ${stride}`);
  }
  return { maxLength, stride, strategy, direction };
}

/** The parts of a text and of its pair: the first of each stays. */
export interface TruncatedParts {
  readonly text: readonly Encoding[];
  readonly pair: readonly Encoding[] | undefined;
}

/** Cuts a text and its pair so that both fit into `maxLength` less the tokens that will be added. */
export function truncateEncodings(
  text: Encoding,
  pair: Encoding | undefined,
  truncation: TruncationJson & { readonly addedTokens: number },
): TruncatedParts {
  const room = Math.max(0, truncation.maxLength - truncation.addedTokens);
  const lengths = [text.ids.length, pair?.ids.length ?? 0] as const;
  const [first, second] = lengthsThatFit(lengths, room, truncation.strategy);
  const cut = (encoding: Encoding, kept: number): Encoding[] =>
    partsOf(encoding.ids.length, kept, truncation).map(([start, end]) =>
      sliceEncoding(encoding, start, end),
    );
  return { text: cut(text, first), pair: pair && cut(pair, second) };
}

/** A part of a text, and one of its pair, if it has one. */
export type PartPair = readonly [part: Encoding, other: Encoding | undefined];

/** Each part of the text with each part of its pair, but for the two that stay. */
export function overflowingParts({ text, pair }: TruncatedParts): PartPair[] {
  const [kept, ...rest] = text;
  if (pair === undefined) return rest.map((part) => [part, undefined] as const);
  return [
    ...rest.flatMap((part) => pair.map((other) => [part, other] as const)),
    ...pair.slice(1).map((other) => [kept!, other] as const),
  ];
}
