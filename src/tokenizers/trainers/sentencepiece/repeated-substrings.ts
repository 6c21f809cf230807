import { suffixArray } from "./suffix-array.ts";

/** Words that occur more or less often. */
export interface WeightedWords {
  /** [N] symbols in [1, alphabetSize): each word, and a 0 behind it. */
  readonly symbols: Int32Array;
  readonly alphabetSize: number;
  /** [N] by place: how often the word occurs that it is part of. */
  readonly weights: Float64Array;
}

/**
 * Visits each substring of a word that occurs at least twice and either goes on in different ways or
 * ends a word somewhere: the other ones are worth no more than what they go on to. They come in the
 * order of the alphabet, each before the shorter ones that it starts with. O(N), whatever their number
 * times their length is.
 *
 * These are the inner nodes of the suffix tree, and the leaves of words that occur twice.
 *
 * @param visit told a place where the substring stands, its length, and how often it occurs
 * @see Abouelhoda, Kurtz and Ohlebusch 2004, Replacing suffix trees with enhanced suffix arrays
 */
export function visitRepeatedSubstrings(
  { symbols, alphabetSize, weights }: WeightedWords,
  visit: (place: number, length: number, count: number) => void,
): void {
  const suffixes = suffixArray(symbols, alphabetSize);
  const lengths = lengthsToEnd(symbols);
  const common = commonPrefixes(symbols, suffixes);
  // Substrings that all suffixes from `starts` to here begin with, shortest first.
  const open: { readonly start: number; readonly length: number; readonly before: number }[] = [];
  let sum = 0;
  for (let i = 0; i <= suffixes.length; i++) {
    // What is behind the end of a word is another word.
    const length =
      i === 0 || i === suffixes.length ? 0 : Math.min(common[i]!, lengths[suffixes[i]!]!);
    let [start, before] = [i, sum];
    while (open.length > 0 && open.at(-1)!.length > length) {
      const closed = open.pop()!;
      ({ start, before } = closed);
      if (sum - before >= 2) visit(suffixes[start]!, closed.length, sum - before);
    }
    if (length > (open.at(-1)?.length ?? 0)) open.push({ start, length, before });
    if (i === suffixes.length) break;
    const own = lengths[suffixes[i]!]!;
    if (own > length) open.push({ start: i, length: own, before: sum });
    sum += weights[suffixes[i]!]!;
  }
}

/** By place: how many symbols are left of the word. */
function lengthsToEnd(symbols: Int32Array): Int32Array {
  const lengths = new Int32Array(symbols.length);
  for (let i = symbols.length - 2; i >= 0; i--) {
    if (symbols[i] !== 0) lengths[i] = lengths[i + 1]! + 1;
  }
  return lengths;
}

/** Kasai's algorithm: how many symbols each suffix has in common with the one before it in order. */
function commonPrefixes(text: Int32Array, suffixes: Int32Array): Int32Array {
  const n = text.length;
  const ranks = new Int32Array(n);
  for (let i = 0; i < n; i++) ranks[suffixes[i]!] = i;
  const common = new Int32Array(n);
  let length = 0;
  for (let place = 0; place < n; place++) {
    const rank = ranks[place]!;
    if (rank === 0) {
      length = 0;
      continue;
    }
    const other = suffixes[rank - 1]!;
    const limit = n - Math.max(place, other);
    while (length < limit && text[place + length] === text[other + length]) length++;
    common[rank] = length;
    if (length > 0) length--;
  }
  return common;
}
