/** WordPiece by trying each merge on the whole corpus: the oracle of the fast trainer. */

/** Words with their symbols. */
export interface NaiveWord {
  readonly symbols: readonly string[];
  readonly count: number;
}

/** What a merge would do. */
export interface NaiveGain {
  readonly left: string;
  readonly right: string;
  readonly gain: number;
  /** How often the pair occurs, as the score counts it. */
  readonly count: number;
}

/** By how many nats each possible merge raises the likelihood of the corpus. */
export function likelihoodGains(words: readonly NaiveWord[]): NaiveGain[] {
  const before = logLikelihood(words);
  return pairsOf(words).map(([left, right]) => {
    const joined = joinEverywhere(words, left, right);
    const count = totalOf(words) - totalOf(joined);
    return { left, right, gain: logLikelihood(joined) - before, count };
  });
}

/** The score of the course for each possible merge, all overlapping pairs counted. */
export function ratioScores(words: readonly NaiveWord[]): NaiveGain[] {
  const tokens = tokenCounts(words);
  return pairsOf(words).map(([left, right]) => {
    let count = 0;
    for (const word of words) {
      for (let i = 0; i + 1 < word.symbols.length; i++) {
        if (word.symbols[i] === left && word.symbols[i + 1] === right) count += word.count;
      }
    }
    return { left, right, gain: count / (tokens.get(left)! * tokens.get(right)!), count };
  });
}

/** Joins a pair wherever it is, from the left. */
export function joinEverywhere(
  words: readonly NaiveWord[],
  left: string,
  right: string,
): NaiveWord[] {
  const token = left + right.replace(/^##/, "");
  return words.map(({ symbols, count }) => {
    const joined: string[] = [];
    for (let i = 0; i < symbols.length; i++) {
      const isPair = symbols[i] === left && symbols[i + 1] === right;
      joined.push(isPair ? token : symbols[i]!);
      if (isPair) i++;
    }
    return { symbols: joined, count };
  });
}

/** The logarithm of the probability of all tokens, each with its share. */
function logLikelihood(words: readonly NaiveWord[]): number {
  const total = totalOf(words);
  let sum = 0;
  for (const count of tokenCounts(words).values()) sum += count * Math.log(count / total);
  return sum;
}

function totalOf(words: readonly NaiveWord[]): number {
  return words.reduce((sum, { symbols, count }) => sum + symbols.length * count, 0);
}

function tokenCounts(words: readonly NaiveWord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { symbols, count } of words) {
    for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + count);
  }
  return counts;
}

function pairsOf(words: readonly NaiveWord[]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const { symbols } of words) {
    for (let i = 0; i + 1 < symbols.length; i++) {
      pairs.set(`${symbols[i]} ${symbols[i + 1]}`, [symbols[i]!, symbols[i + 1]!]);
    }
  }
  return [...pairs.values()];
}
