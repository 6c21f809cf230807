/**
 * One step of Unigram training as its definition says, by trying all substrings and all ways to cut a
 * word, in float64. It takes time that grows exponentially with the length of the words.
 */
import { digamma } from "orrery-lm/base";

/** Scores by piece after one step, from words (with their blank) and how often they occur. */
export function naiveUnigramStep(words: ReadonlyMap<string, number>): Map<string, number> {
  const seeds = seedScores(words);
  const expected = new Map<string, number>();
  for (const [word, count] of words) {
    const cuts = allCuts(word).filter((cut) => cut.every((piece) => seeds.has(piece)));
    const weights = cuts.map((cut) => cut.reduce((p, piece) => p * seeds.get(piece)!, 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, cut] of cuts.entries()) {
      for (const piece of cut) {
        expected.set(piece, (expected.get(piece) ?? 0) + (count * weights[i]!) / total);
      }
    }
  }
  const kept = [...expected].filter(([, count]) => count >= 0.5);
  const sum = kept.reduce((total, [, count]) => total + count, 0);
  return new Map(kept.map(([piece, count]) => [piece, digamma(count) - digamma(sum)]));
}

/** Probabilities of the strings that training starts from. */
function seedScores(words: ReadonlyMap<string, number>): Map<string, number> {
  const seen = new Map<string, { count: number; followers: Set<string> }>();
  for (const [word, count] of words) {
    for (let start = 0; start < word.length; start++) {
      for (let end = start + 1; end <= word.length; end++) {
        const piece = word.slice(start, end);
        const facts = seen.get(piece) ?? { count: 0, followers: new Set<string>() };
        facts.count += count;
        facts.followers.add(word[end] ?? "end");
        seen.set(piece, facts);
      }
    }
  }
  const scores = new Map<string, number>();
  for (const [piece, { count, followers }] of seen) {
    const isSeed = count >= 2 && (followers.size > 1 || followers.has("end"));
    if (piece.length === 1 || isSeed) scores.set(piece, count * piece.length);
  }
  const sum = [...scores.values()].reduce((total, score) => total + score, 0);
  return new Map(Array.from(scores, ([piece, score]) => [piece, score / sum]));
}

function allCuts(word: string): string[][] {
  if (word === "") return [[]];
  const cuts: string[][] = [];
  for (let end = 1; end <= word.length; end++) {
    for (const rest of allCuts(word.slice(end))) cuts.push([word.slice(0, end), ...rest]);
  }
  return cuts;
}
