import { ConfigError } from "orrery-lm/base";
import type { Lattice } from "./lattice.ts";

// About 2 GB of memory.
const MOST_ENTRIES = 1 << 26;

/** A way through a lattice, and the sum of its scores. */
export interface ScoredWay {
  readonly tokens: readonly number[];
  readonly score: number;
}

/** The best ways that lead to a place, best first. */
interface BestHere {
  readonly scores: number[];
  /** Their last tokens, and which of the best ways to the start of that they go on from. */
  readonly tokens: number[];
  readonly ranks: number[];
}

/**
 * The `count` best ways through a lattice, best first: at each place the best ways there are those of
 * the places before, one token longer. Exact, in O(length · count), also where many ways are equally
 * good, in which a search from the end as SentencePiece's gets lost.
 * @throws {ConfigError} if the text is so long that they would not fit into memory.
 */
export function nBestWays(lattice: Lattice, count: number): ScoredWay[] {
  if (lattice.length * count > MOST_ENTRIES) {
    throw new ConfigError(
      `nBest: expected at most ${Math.floor(MOST_ENTRIES / count)} bytes of text for the best ${count}, got ${lattice.length}`,
    );
  }
  const best: BestHere[] = [{ scores: [0], tokens: [-1], ranks: [0] }];
  for (let end = 1; end <= lattice.length; end++) {
    best.push(bestAt(lattice, best, lattice.tokensAt(end), count));
  }
  return best[lattice.length]!.scores.map((score, rank) => ({
    tokens: wayTo(lattice, best, rank),
    score,
  }));
}

/** Merges the ways over each token, which are sorted. */
function bestAt(
  lattice: Lattice,
  best: readonly BestHere[],
  tokens: readonly number[],
  count: number,
): BestHere {
  const here: BestHere = { scores: [], tokens: [], ranks: [] };
  const sources = tokens.map((token) => ({
    token,
    score: lattice.scoreOf(token),
    before: best[lattice.startOf(token)]!.scores,
    rank: 0,
  }));
  while (here.scores.length < count) {
    let next: (typeof sources)[number] | undefined;
    let highest = -Infinity;
    for (const source of sources) {
      const before = source.before[source.rank];
      if (before === undefined) continue;
      if (next === undefined || before + source.score > highest) {
        highest = before + source.score;
        next = source;
      }
    }
    if (next === undefined) break;
    here.scores.push(highest);
    here.tokens.push(next.token);
    here.ranks.push(next.rank++);
  }
  return here;
}

function wayTo(lattice: Lattice, best: readonly BestHere[], lastRank: number): number[] {
  const way: number[] = [];
  let rank = lastRank;
  for (let end = lattice.length; end > 0;) {
    const here = best[end]!;
    const token = here.tokens[rank]!;
    way.push(token);
    rank = here.ranks[rank]!;
    end = lattice.startOf(token);
  }
  return way.toReversed();
}
