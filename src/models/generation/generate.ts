/** Continuing a text, token by token. */

import { ConfigError, random, type RandomStream } from "orrery-lm/base";
import type { Model } from "../model.ts";

/** Options of {@link Model.generate}. */
export interface GenerateOptions {
  /** Tokens to add at most. @default 100 */
  maxNewTokens?: number;
  /** Divides the logits; 0 always takes the likeliest token. @default 1 */
  temperature?: number;
  /** Keeps only the k likeliest tokens; 0 keeps all. @default 0 */
  topK?: number;
  /** Keeps the likeliest tokens until their probabilities reach p. @default 1 */
  topP?: number;
  /** @default 0 */
  seed?: number;
  /** Ids that end the text; they are yielded too. */
  stopIds?: readonly number[];
}

/** A token that was added. */
export interface GeneratedToken {
  id: number;
}

/**
 * Yields one id after another. A model with a limited number of positions reads only the last of
 * them; others read everything.
 *
 * @yields each new token
 * @throws {ConfigError} if there is nothing to continue, or an option is outside its range.
 */
export async function* generateIds(
  model: Pick<Model, "forward" | "architecture">,
  start: ArrayLike<number>,
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken> {
  const { maxNewTokens = 100, seed = 0, stopIds = [] } = options;
  checkOptions(options);
  if (start.length === 0)
    throw new ConfigError("generate: expected at least one token to continue, got none");
  const ids = Array.from(start);
  const stream = random(seed, "generate");
  const window = model.architecture.network.maxPositions ?? Infinity;
  for (let i = 0; i < maxNewTokens; i++) {
    const seen = ids.slice(-Math.min(window, ids.length));
    const inputIds = { data: Int32Array.from(seen), shape: [1, seen.length] };
    const { logits } = await model.forward({ inputIds, logits: "last" });
    const id = sample(logits!.data, options, stream);
    ids.push(id);
    yield { id };
    if (stopIds.includes(id)) return;
  }
}

function checkOptions({
  temperature = 1,
  topK = 0,
  topP = 1,
  maxNewTokens = 0,
}: GenerateOptions): void {
  const rules: [string, number, boolean, string][] = [
    ["temperature", temperature, temperature >= 0 && temperature < Infinity, "0 or more"],
    ["topK", topK, Number.isInteger(topK) && topK >= 0, "a whole number, 0 or more"],
    ["topP", topP, topP > 0 && topP <= 1, "more than 0 and at most 1"],
    [
      "maxNewTokens",
      maxNewTokens,
      Number.isInteger(maxNewTokens) && maxNewTokens >= 0,
      "a whole number, 0 or more",
    ],
  ];
  for (const [name, value, isFine, expected] of rules) {
    if (!isFine) throw new ConfigError(`generate: ${name}: expected ${expected}, got ${value}`);
  }
}

/**
 * Chooses a token from logits.
 *
 * @param logits [V]
 */
export function sample(
  logits: Float32Array,
  options: GenerateOptions,
  stream: RandomStream,
): number {
  const { temperature = 1, topK = 0, topP = 1 } = options;
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (temperature === 0) return order[0]!;
  const kept = topK > 0 ? order.slice(0, topK) : order;
  const largest = logits[kept[0]!]!;
  const weights = kept.map((id) => Math.exp((logits[id]! - largest) / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  let mass = 0;
  const enough = weights.findIndex((weight) => (mass += weight / total) >= topP);
  const last = enough < 0 ? kept.length : enough + 1;
  let left = stream.uniform() * weights.slice(0, last).reduce((a, b) => a + b, 0);
  const chosen = weights.slice(0, last).findIndex((weight) => (left -= weight) < 0);
  return kept[chosen < 0 ? last - 1 : chosen]!;
}
