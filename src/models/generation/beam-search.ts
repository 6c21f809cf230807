import { ConfigError } from "orrery-lm/base";
import { checkMaxNewTokens } from "./generate.ts";
import type { TextReader } from "./text-reader.ts";

/** Options of `Model.beamSearch`. */
export interface BeamSearchOptions {
  /** How many texts are continued side by side. @default 4 */
  numBeams?: number | undefined;
  /** Tokens to add at most. @default 100 */
  maxNewTokens?: number | undefined;
  /** Texts are compared by log probability / length ^ penalty: above 0 long ones gain. @default 1 */
  lengthPenalty?: number | undefined;
  /**
   * When to stop: `true`: once as many texts have ended as there are beams; `false`: once no
   * unfinished text is better, at its present length, than the worst of them; `"never"`: at the
   * length at which it could be best. Ended texts are compared in the same way.
   *
   * @default false
   */
  earlyStopping?: boolean | "never" | undefined;
  /** Ids that end a text; they are given too. @default [] */
  stopIds?: readonly number[] | undefined;
}

/** A text that a beam search found. */
export interface FoundText {
  /** What was added. */
  ids: number[];
  /** Log probability in nats, divided by length ^ penalty. */
  score: number;
}

interface Continuation {
  /** The beam that it continues. */
  beam: number;
  id: number;
  /** Log probability of the text, in nats. */
  score: number;
}

/** @throws {ConfigError} if an option is outside its range. */
function check({ numBeams = 4, maxNewTokens = 100, lengthPenalty = 1 }: BeamSearchOptions): void {
  checkMaxNewTokens(maxNewTokens);
  if (!Number.isInteger(numBeams) || numBeams < 1)
    throw new ConfigError(
      `beamSearch: numBeams: expected a whole number, 1 or more, got ${numBeams}`,
    );
  if (!Number.isFinite(lengthPenalty))
    throw new ConfigError(`beamSearch: lengthPenalty: expected a number, got ${lengthPenalty}`);
}

/**
 * The likeliest continuations of a text, as far as they can be found by keeping the `numBeams`
 * best after each token. Each step continues every beam by every token and takes the best; those
 * that end leave the race. Deterministic.
 *
 * @returns at most `numBeams` texts, the best first
 * @throws {ConfigError} if there is nothing to continue, or an option is outside its range.
 * @see Graves 2012, §2.1, https://arxiv.org/abs/1211.3711; stops as transformers does
 */
export async function beamSearch(
  open: () => Promise<TextReader>,
  prompt: ArrayLike<number>,
  options: BeamSearchOptions,
): Promise<FoundText[]> {
  check(options);
  const { numBeams = 4, maxNewTokens = 100, lengthPenalty = 1 } = options;
  const { earlyStopping = false, stopIds = [] } = options;
  if (maxNewTokens === 0) return [{ ids: [], score: 0 }];
  const reader = await open();
  let logits = await reader.start([prompt]);
  const vocab = logits.length;
  let beams: FoundText[] = [{ ids: [], score: 0 }];
  let found: FoundText[] = [];
  // Enough that `numBeams` are left if every beam ends in every way.
  const width = Math.max(2, 1 + stopIds.length) * numBeams;
  for (let length = 1; ; length++) {
    const best = bestContinuations(beams, logits, vocab, width);
    const isEnd = ({ id }: Continuation): boolean =>
      length === maxNewTokens || stopIds.includes(id);
    const textOf = ({ beam, id, score }: Continuation): FoundText => ({
      ids: [...beams[beam]!.ids, id],
      score,
    });
    const ended = best
      .slice(0, numBeams)
      .filter(isEnd)
      .map(textOf)
      .map(({ ids, score }) => ({ ids, score: score / length ** lengthPenalty }));
    found = [...found, ...ended].sort((a, b) => b.score - a.score).slice(0, numBeams);
    const running = best.filter((next) => !isEnd(next)).slice(0, numBeams);
    const isFull = found.length === numBeams;
    if (running.length === 0 || (isFull && earlyStopping === true)) return found;
    const hopedLength = earlyStopping === "never" && lengthPenalty > 0 ? maxNewTokens : length;
    if (isFull && running[0]!.score / hopedLength ** lengthPenalty <= found.at(-1)!.score)
      return found;
    beams = running.map(textOf);
    reader.select(running.map(({ beam }) => beam));
    // Each step continues what the last one gave.
    // oxlint-disable-next-line no-await-in-loop
    logits = await reader.next(running.map(({ id }) => id));
  }
}

/** The best of all beams continued by all tokens, the best first; at a tie the first. */
function bestContinuations(
  beams: readonly FoundText[],
  logits: Float32Array,
  vocab: number,
  count: number,
): Continuation[] {
  const best: Continuation[] = [];
  beams.forEach(({ score: before }, beam) => {
    const row = logits.subarray(beam * vocab, (beam + 1) * vocab);
    const shift = before - logSumExp(row);
    for (let id = 0; id < vocab; id++) {
      const score = shift + row[id]!;
      if (best.length === count && !(score > best.at(-1)!.score)) continue;
      const place = best.findIndex((other) => score > other.score);
      best.splice(place < 0 ? best.length : place, 0, { beam, id, score });
      if (best.length > count) best.pop();
    }
  });
  return best;
}

function logSumExp(row: Float32Array): number {
  const largest = row.reduce((most, value) => Math.max(most, value), -Infinity);
  return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
