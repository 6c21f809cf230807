/** How well a model predicts a text when it may look back over a given length. */

import { ConfigError } from "orrery-lm/base";
import type { Model } from "orrery-lm/models";

/** How a text is cut into windows. */
export interface EvaluateOptions {
  /** Tokens that the model reads at once. */
  length: number;
  /**
   * Tokens between the starts of windows. Equal to `length`: windows do not overlap, and tokens
   * early in a window have little to look back on. Smaller: only the last `stride` tokens of each
   * window are scored (all of the first), so every token has at least `length - stride` before it.
   */
  stride: number;
  /** Tokens to score at most; the text's beginning. */
  maxTokens: number;
  /** Positions past this one are given as this one (what a table's last row, repeated, would do). */
  lastPosition?: number;
  /** Tokens to read in one forward pass, in all windows together. @default 8192 */
  tokensPerPass?: number;
}

/** Losses of a text. */
export interface Evaluation {
  /** Mean over the scored tokens, nats per token. */
  loss: number;
  /** Tokens scored. */
  tokens: number;
  /** Mean loss at each position of the window, over windows, in nats; NaN where nothing was scored. */
  perPosition: Float64Array;
}

/**
 * Reads a text in windows and scores what comes after each token.
 *
 * @param tokens the text's ids; of `n` tokens, `n - 1` can be scored
 * @throws {ConfigError} if the text has no whole window, or the model cannot read that far.
 */
export async function evaluate(
  model: Model,
  tokens: ArrayLike<number>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { length, stride, maxTokens, lastPosition, tokensPerPass = 8192 } = options;
  if (!Number.isInteger(stride) || stride < 1 || stride > length) {
    throw new ConfigError(`evaluate: stride: expected 1 to ${length} tokens, got ${stride}`);
  }
  const end = Math.min(tokens.length - 1, maxTokens);
  if (end < length) {
    throw new ConfigError(
      `evaluate: expected at least ${length + 1} tokens (one window and its next token), got ${end + 1}; give more text or a smaller length`,
    );
  }
  const starts = Array.from(
    { length: Math.floor((end - length) / stride) + 1 },
    (_, i) => i * stride,
  );
  const sums = new Float64Array(length);
  const counts = new Float64Array(length);
  const rows = Math.max(1, Math.floor(tokensPerPass / length));
  const positionIds =
    lastPosition === undefined ? undefined : clampedPositions(length, lastPosition);
  for (let first = 0; first < starts.length; first += rows) {
    const batch = starts.slice(first, first + rows);
    // Passes run one after the other: two at once would share the same cores.
    // oxlint-disable-next-line no-await-in-loop
    const losses = await model.tokenLosses({
      inputIds: windows(tokens, batch, length),
      nextIds: windows(
        tokens,
        batch.map((start) => start + 1),
        length,
      ),
      ...(positionIds && { positionIds: repeatRows(positionIds, batch.length) }),
    });
    batch.forEach((start, row) => {
      for (let t = start === 0 ? 0 : length - stride; t < length; t++) {
        sums[t]! += losses[row * length + t]!;
        counts[t]! += 1;
      }
    });
  }
  const scored = counts.reduce((a, b) => a + b, 0);
  return {
    loss: sums.reduce((a, b) => a + b, 0) / scored,
    tokens: scored,
    perPosition: sums.map((sum, t) => sum / counts[t]!),
  };
}

interface Rows {
  data: Int32Array;
  shape: readonly number[];
}

function windows(tokens: ArrayLike<number>, starts: readonly number[], length: number): Rows {
  const data = new Int32Array(starts.length * length);
  starts.forEach((start, row) => {
    for (let t = 0; t < length; t++) data[row * length + t] = tokens[start + t]!;
  });
  return { data, shape: [starts.length, length] };
}

function clampedPositions(length: number, last: number): Int32Array {
  return Int32Array.from({ length }, (_, t) => Math.min(t, last));
}

function repeatRows(row: Int32Array, rows: number): Rows {
  const data = new Int32Array(rows * row.length);
  for (let r = 0; r < rows; r++) data.set(row, r * row.length);
  return { data, shape: [rows, row.length] };
}
