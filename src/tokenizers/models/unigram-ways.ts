import { Lattice, type LatticeTokens } from "./lattice.ts";
import type { Chance, Piece } from "./model.ts";
import { type ScoredWay, nBestWays } from "./n-best.ts";
import { type ScoredSegments, Segments } from "./segmenter.ts";

// What SentencePiece draws with where nothing is said.
const DEFAULT_ALPHA = 0.1;

/** The other ways in which a unigram model can segment a piece: the best ones, or one by chance. */
export class UnigramWays {
  readonly #tokens: LatticeTokens;
  readonly #precision: "float32" | "float64";

  /** @param precision in what scores are summed up */
  constructor(tokens: LatticeTokens, precision: "float32" | "float64") {
    this.#tokens = tokens;
    this.#precision = precision;
  }

  /** The best ways, best first; fewer if there are fewer. */
  nBest(piece: Piece, count: number): ScoredSegments[] {
    const lattice = new Lattice(piece, this.#tokens);
    return this.#bestWays(lattice, count).map(({ tokens, score }) => {
      const segments = new Segments();
      lattice.push(tokens, segments);
      return { segments, score };
    });
  }

  /** Appends a way that is drawn with the probability exp(alpha · score), up to a common factor. */
  sample(piece: Piece, chance: Chance, out: Segments): void {
    const { random, alpha = DEFAULT_ALPHA, nBestSize } = chance;
    const lattice = new Lattice(piece, this.#tokens);
    if (nBestSize === undefined) {
      lattice.push(lattice.sample(alpha, random), out);
      return;
    }
    const ways = this.#bestWays(lattice, nBestSize);
    const weights = ways.map(({ score }) => Math.exp(alpha * (score - ways[0]!.score)));
    let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const drawn = weights.findIndex((weight) => (left -= weight) < 0);
    lattice.push(ways.at(drawn)!.tokens, out);
  }

  #bestWays(lattice: Lattice, count: number): readonly ScoredWay[] {
    const ways = nBestWays(lattice, count);
    if (this.#precision === "float64") return ways;
    // Summed up from the end, as SentencePiece does.
    const scoreOf = (tokens: readonly number[]): number =>
      tokens.reduceRight((sum, token) => Math.fround(sum + lattice.scoreOf(token)), 0);
    return ways
      .map(({ tokens }) => ({ tokens, score: scoreOf(tokens) }))
      .toSorted((a, b) => b.score - a.score);
  }
}
