/** From logits to a token. */

import { ConfigError, type RandomStream } from "orrery-lm/base";

/** How tokens are chosen. Applied in this order, which is that of transformers. */
export interface ChoiceOptions {
  /**
   * Makes tokens less likely that stand in the text already, the prompt included: positive logits
   * are divided by it, negative ones multiplied.
   *
   * @default 1
   * @see Keskar et al. 2019, §4.1, https://arxiv.org/abs/1909.05858
   */
  repetitionPenalty?: number | undefined;
  /** Divides the logits; 0 always takes the likeliest token. @default 1 */
  temperature?: number | undefined;
  /** Keeps only the k likeliest tokens, and those as likely as the last of them; 0 keeps all. @default 0 */
  topK?: number | undefined;
  /**
   * Keeps the likeliest tokens until their probabilities reach p.
   *
   * @default 1
   * @see Holtzman et al. 2019, §3.1, https://arxiv.org/abs/1904.09751
   */
  topP?: number | undefined;
  /**
   * Keeps tokens at least this fraction as likely as the likeliest.
   *
   * @default 0
   * @see Nguyen et al. 2024, https://arxiv.org/abs/2407.01082
   */
  minP?: number | undefined;
}

/** Tokens that may be chosen, in order of their ids, and how likely each is. */
export interface Candidates {
  readonly ids: ArrayLike<number>;
  /** They add up to one. */
  readonly probabilities: Float64Array;
}

/** @throws {ConfigError} if an option is outside its range. */
export function checkChoiceOptions(options: ChoiceOptions): void {
  const { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 } = options;
  const isCount = Number.isInteger(topK) && topK >= 0;
  const rules: [string, number, boolean, string][] = [
    ["temperature", temperature, temperature >= 0 && temperature < Infinity, "0 or more"],
    ["topK", topK, isCount, "a whole number, 0 or more"],
    ["topP", topP, topP > 0 && topP <= 1, "more than 0 and at most 1"],
    ["minP", minP, minP >= 0 && minP <= 1, "from 0 to 1"],
    [
      "repetitionPenalty",
      repetitionPenalty,
      repetitionPenalty > 0 && repetitionPenalty < Infinity,
      "more than 0",
    ],
  ];
  for (const [name, value, isFine, expected] of rules) {
    if (!isFine) throw new ConfigError(`generate: ${name}: expected ${expected}, got ${value}`);
  }
}

/**
 * Chooses a token.
 *
 * @param logits [vocab]
 * @param seen ids of the text
 */
export function chooseToken(
  logits: Float32Array,
  seen: Iterable<number>,
  options: ChoiceOptions,
  stream: RandomStream,
): number {
  if (options.temperature === 0) return likeliest(penalized(logits, seen, options));
  const { ids, probabilities } = candidates(logits, seen, options);
  let left = stream.uniform();
  const found = probabilities.findIndex((p) => (left -= p) < 0);
  // Rounding can leave a little; the last token takes it.
  return ids[found < 0 ? ids.length - 1 : found]!;
}

/** The first of the largest. */
export function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}

/** Which tokens may be chosen; a temperature of 0 is the business of the caller. */
export function candidates(
  logits: Float32Array,
  seen: Iterable<number>,
  options: ChoiceOptions,
): Candidates {
  const { temperature = 1, topK = 0, topP = 1, minP = 0 } = options;
  const scores = penalized(logits, seen, options);
  const largest = scores[likeliest(scores)]!;
  const threshold = topK > 0 && topK < scores.length ? nthLargest(scores, topK) : -Infinity;
  const ids: number[] = [];
  const weights: number[] = [];
  scores.forEach((score, id) => {
    if (!(score >= threshold)) return;
    ids.push(id);
    weights.push(Math.exp((score - largest) / temperature));
  });
  const kept = (topP < 1 ? topOf(weights, topP) : [...weights.keys()]).filter(
    (i) => weights[i]! >= minP,
  );
  const total = kept.reduce((sum, i) => sum + weights[i]!, 0);
  return {
    ids: kept.map((i) => ids[i]!),
    probabilities: Float64Array.from(kept, (i) => weights[i]! / total),
  };
}

function penalized(
  logits: Float32Array,
  seen: Iterable<number>,
  { repetitionPenalty: penalty = 1 }: ChoiceOptions,
): Float32Array {
  if (penalty === 1) return logits;
  const scores = logits.slice();
  for (const id of new Set(seen)) {
    const score = scores[id]!;
    scores[id] = score < 0 ? score * penalty : score / penalty;
  }
  return scores;
}

/** The indices of the largest weights whose share of all reaches `p`, in order; of equal ones the first. */
function topOf(weights: readonly number[], p: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // All that are smaller make up less than 1 - p together: they need no sorting.
  const floor = ((1 - p) * total) / weights.length;
  const order = [...weights.keys()].filter((i) => weights[i]! >= floor);
  order.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let mass = 0;
  const last = order.findIndex((i) => (mass += weights[i]! / total) >= p);
  return order.slice(0, last < 0 ? order.length : last + 1).sort((a, b) => a - b);
}

/** The n-th largest, by Hoare's selection. */
function nthLargest(values: Float32Array, n: number): number {
  const rest = values.slice();
  const place = rest.length - n;
  let [low, high] = [0, rest.length - 1];
  while (low < high) {
    const pivot = rest[(low + high) >>> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (rest[i]! < pivot) i++;
      while (rest[j]! > pivot) j--;
      if (i > j) break;
      [rest[i], rest[j]] = [rest[j]!, rest[i]!];
      i++;
      j--;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else break;
  }
  return rest[place]!;
}
