/** A trainer that counts all pairs anew for each merge: the oracle of the fast one. */

import type { TieBreak } from "orrery-lm/tokenizers";

/** Words with their symbols, in the order of the texts. */
export interface NaiveWord {
  symbols: readonly string[];
  readonly count: number;
}

interface NaivePair {
  readonly left: string;
  readonly right: string;
  count: number;
}

/** What to learn. */
export interface NaiveOptions {
  readonly merges: number;
  readonly minFrequency: number;
  readonly tieBreak: TieBreak;
  /** Before each symbol but the first of a word, and left out when it is joined. */
  readonly prefix?: string;
}

/** The merges that a text leads to, and how often each pair occurred. */
export function naiveMerges(words: readonly NaiveWord[], options: NaiveOptions): string[] {
  const { minFrequency, tieBreak, prefix = "" } = options;
  // Ids: the symbols by code point, then what is learned.
  const symbols = [...new Set(words.flatMap((word) => word.symbols))].toSorted(byCodePoint);
  const merges: string[] = [];
  const refused = new Set<string>();
  while (merges.length < options.merges) {
    const pairs = countPairs(words, tieBreak === "shortLexMin").filter(
      ({ left, right, count }) => count >= minFrequency && !refused.has(`${left} ${right}`),
    );
    if (pairs.length === 0) return merges;
    const best = pairs.reduce((a, b) => (goesBefore(b, a, tieBreak, symbols) ? b : a));
    const { left, right, count } = best;
    const token = left + (right.startsWith(prefix) ? right.slice(prefix.length) : right);
    if (tieBreak === "shortLexMin" && symbols.includes(token)) {
      refused.add(`${left} ${right}`);
      continue;
    }
    if (!symbols.includes(token)) symbols.push(token);
    merges.push(`${left} ${right} ${count}`);
    for (const word of words) word.symbols = joined(word.symbols, left, right, token);
  }
  return merges;
}

/** In the order of their first places. */
function countPairs(words: readonly NaiveWord[], onceInRuns: boolean): NaivePair[] {
  const pairs = new Map<string, NaivePair>();
  for (const { symbols, count } of words) {
    let taken = -1;
    for (let i = 0; i + 1 < symbols.length; i++) {
      const [left, right] = [symbols[i]!, symbols[i + 1]!];
      if (onceInRuns && left === right && taken === i) continue;
      if (left === right) taken = i + 1;
      const key = `${left} ${right}`;
      const pair = pairs.get(key) ?? { left, right, count: 0 };
      pair.count += count;
      pairs.set(key, pair);
    }
  }
  return [...pairs.values()];
}

function goesBefore(a: NaivePair, b: NaivePair, tieBreak: TieBreak, ids: string[]): boolean {
  if (a.count !== b.count) return a.count > b.count;
  const [leftA, leftB] = [ids.indexOf(a.left), ids.indexOf(b.left)];
  const byIds = leftA - leftB || ids.indexOf(a.right) - ids.indexOf(b.right);
  switch (tieBreak) {
    case "first":
      return false;
    case "idMin":
      return byIds < 0;
    case "lexMax":
      return (byCodePoint(a.left, b.left) || byCodePoint(a.right, b.right)) > 0;
    case "shortLexMin": {
      const [one, other] = [Array.from(a.left + a.right), Array.from(b.left + b.right)];
      return (one.length - other.length || byCodePoint(one.join(""), other.join("")) || byIds) < 0;
    }
  }
}

function joined(symbols: readonly string[], left: string, right: string, token: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    result.push(isPair ? token : symbols[i]!);
    if (isPair) i++;
  }
  return result;
}

function byCodePoint(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => Array.from(text, (c) => c.codePointAt(0)!)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    if (one[i] !== other[i]) return one[i]! - other[i]!;
  }
  return one.length - other.length;
}
