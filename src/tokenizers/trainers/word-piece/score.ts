/**
 * How WordPiece chooses the pair to join. Google never published its trainer; these are three
 * different algorithms:
 *
 * - "likelihood": the pair that raises the likelihood of the texts under a unigram model of the tokens
 *   most, which is what Schuster and Nakajima describe;
 * - "ratio": count(ab) / (count(a) · count(b)), as in Hugging Face's course;
 * - "frequency": the most frequent pair, as the trainer of Hugging Face `tokenizers` does, which is BPE.
 *
 * @see Schuster and Nakajima 2012, "Japanese and Korean voice search"
 * @see https://huggingface.co/learn/llm-course/chapter6/6
 */
export type WordPieceScore = "likelihood" | "ratio" | "frequency";

/** How often a pair and its parts occur. */
export interface PairStatistics {
  /** How often the pair can be joined: in "aaa" once. */
  readonly pair: number;
  readonly left: number;
  readonly right: number;
  /** Tokens in all. */
  readonly total: number;
  /** Whether both parts are the same token. */
  readonly isDouble: boolean;
}

/**
 * By how many nats the likelihood of the texts grows if a pair ab is joined, each token having the
 * probability that it has in them, c / N. With n for the count of the pair and xℓ(v) = v ln v:
 *
 *     Δ = xℓ(n) + xℓ(a - n) + xℓ(b - n) - xℓ(a) - xℓ(b) - xℓ(N - n) + xℓ(N)
 *       = n ln(n N / (a b)) + r(a, n) + r(b, n) - r(N, n),   r(c, n) = (c - n) ln(1 - n/c)
 *
 * and r(a, 2n) in place of r(a, n) + r(b, n) if both parts are the same. The second form is the one
 * computed: the first takes differences of large numbers.
 */
export function likelihoodGain({ pair: n, left, right, total, isDouble }: PairStatistics): number {
  const parts = isDouble ? rest(left, 2 * n) : rest(left, n) + rest(right, n);
  return n * Math.log((n / left) * (total / right)) + parts - rest(total, n);
}

/** (c - n) ln(1 - n/c), which is 0 where nothing is left. */
function rest(c: number, n: number): number {
  return c === n ? 0 : (c - n) * Math.log1p(-n / c);
}
