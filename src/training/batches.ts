/** Batches of training text. */

import { ConfigError, random } from "orrery-lm/base";

/** Which batch is asked for. */
export interface BatchOptions {
  seed: number;
  /** Counted over all forward passes of the run. */
  index: number;
  batchSize: number;
  sequenceLength: number;
}

/** Ids and what comes after each of them, [batchSize, sequenceLength] each. */
export interface Batch {
  inputIds: Int32Array;
  labels: Int32Array;
}

/**
 * Draws windows of the text at random places. A batch depends on the seed and its index only, so
 * a run that is resumed, or another model trained with the same seed, sees the same text.
 *
 * @param tokens the text's ids
 * @throws {ConfigError} if the text is shorter than one window.
 */
export function drawBatch(
  tokens: ArrayLike<number>,
  { seed, index, batchSize, sequenceLength }: BatchOptions,
): Batch {
  checkWindow(tokens, { sequenceLength });
  const places = tokens.length - sequenceLength;
  const stream = random(seed, "batch", index);
  const inputIds = new Int32Array(batchSize * sequenceLength);
  const labels = new Int32Array(batchSize * sequenceLength);
  for (let b = 0; b < batchSize; b++) {
    const start = stream.integer(places);
    for (let t = 0; t < sequenceLength; t++) {
      inputIds[b * sequenceLength + t] = tokens[start + t]!;
      labels[b * sequenceLength + t] = tokens[start + t + 1]!;
    }
  }
  return { inputIds, labels };
}

/**
 * Checks that a text has a whole window.
 *
 * @throws {ConfigError} if it is shorter.
 */
export function checkWindow(
  tokens: ArrayLike<number>,
  { sequenceLength }: Pick<BatchOptions, "sequenceLength">,
): void {
  if (tokens.length > sequenceLength) return;
  throw new ConfigError(
    `training: expected a text of more than ${sequenceLength} tokens (one sequence and its next token), got ${tokens.length}; give more text or a smaller sequence length`,
  );
}
