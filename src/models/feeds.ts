/** What callers give to a model, checked, as the tensors that its program reads. */

import { ConfigError, ShapeError } from "orrery-lm/base";
import type { Network } from "orrery-lm/nn";
import { integers, type TensorData } from "orrery-lm/runtime";
import {
  countInRuns,
  countReal,
  isReal,
  shiftLeft,
  shiftRight,
  toTensor,
  type IdRows,
} from "./id-rows.ts";

/** What a model reads. */
export interface ForwardOptions {
  /** [B, T] */
  inputIds: IdRows;
  /** [B, T]; 0 marks padding. Positions of a decoder then count real tokens only. */
  attentionMask?: IdRows;
  /** [B, T]; which of two texts a token belongs to, for models that were trained on pairs. */
  tokenTypeIds?: IdRows;
  /** [B, T] */
  positionIds?: IdRows;
  /**
   * [B, T]; which text of a packed row a token belongs to. Tokens see only their own text, and
   * positions count from 0 in each.
   */
  sequenceIds?: IdRows;
  /** [B]; how many first places of each row a decoder's tokens all see, in spite of its causal mask. */
  prefixLengths?: readonly number[];
  /** [B, U], what the decoder of an encoder–decoder reads. @default the labels, moved behind the start token */
  decoderInputIds?: IdRows;
  /**
   * What to score; negative ones do not count. A decoder's are not shifted: token t is scored
   * against label t + 1. Those of an encoder say what each token is, [B, T]; those of an
   * encoder–decoder what its decoder should say at each of its tokens, [B, U].
   */
  labels?: IdRows;
  /** Scoped names of values to return, with `*` within a level: `layers.*.attention.scores`. */
  capture?: readonly string[];
  /** Which logits to compute. @default "all" */
  logits?: "all" | "last" | "none";
}

/** What `tokenLosses` of a decoder reads. */
export interface TokenLossesOptions {
  /** [B, T] */
  inputIds: IdRows;
  /** [B, T], already shifted: what comes after each token; negative: not scored. */
  nextIds: IdRows;
  /** [B, T]; they count from 0 by default. */
  positionIds?: IdRows;
}

/**
 * Checks what a caller gives.
 *
 * @param decoderStart the token that a decoder of an encoder–decoder starts with
 * @throws {ShapeError} if the inputs do not fit together.
 * @throws {ConfigError} if an id or a position is outside its table, or the network cannot read an input.
 */
export function feedsOf(
  network: Network,
  options: ForwardOptions,
  decoderStart?: number,
): Record<string, TensorData> {
  const inputIds = toTensor("inputIds", options.inputIds);
  const { shape } = inputIds;
  const feeds: Record<string, TensorData> = { inputIds };
  checkIds("inputIds", inputIds.data, network.vocabSize);
  const mask = options.attentionMask && toTensor("attentionMask", options.attentionMask, shape);
  if (mask)
    feeds["attentionMask"] = { dtype: "bool", data: Uint8Array.from(mask.data, isReal), shape };
  let positions = options.positionIds && toTensor("positionIds", options.positionIds, shape);
  const sequences = options.sequenceIds && toTensor("sequenceIds", options.sequenceIds, shape);
  if (sequences) {
    feeds["sequenceIds"] = sequences;
    positions ??= { dtype: "int32", data: countInRuns(sequences.data, shape[1]), shape };
  }
  if (!positions && mask && network.kind === "decoder")
    positions = { dtype: "int32", data: countReal(mask.data, shape[1]), shape };
  if (positions) feeds["positionIds"] = positions;
  checkPositions(positions ? positions.data : [shape[1]! - 1], network.maxPositions);
  if (options.prefixLengths) feeds["prefixLengths"] = prefixFeed(options.prefixLengths, shape);
  if (options.tokenTypeIds) {
    const types = toTensor("tokenTypeIds", options.tokenTypeIds, shape);
    if (network.tokenTypes === undefined)
      throw new ConfigError("forward: tokenTypeIds: this model has no token types; leave them out");
    checkIds("tokenTypeIds", types.data, network.tokenTypes);
    feeds["tokenTypeIds"] = types;
  }
  const start = network.kind === "encoder-decoder" ? (decoderStart ?? 0) : undefined;
  return { ...feeds, ...decoderFeeds(network, options, start, shape) };
}

function prefixFeed(lengths: readonly number[], [rows, tokens]: readonly number[]): TensorData {
  if (lengths.length !== rows)
    throw new ShapeError("forward: prefixLengths", [rows!], [lengths.length]);
  const wrong = lengths.findIndex((n) => !Number.isInteger(n) || n < 0 || n > tokens!);
  if (wrong >= 0)
    throw new ConfigError(
      `forward: prefixLengths[${wrong}]: expected a whole number from 0 to ${tokens}, got ${lengths[wrong]}`,
    );
  return integers(Int32Array.from(lengths), [lengths.length]);
}

function decoderFeeds(
  network: Network,
  options: ForwardOptions,
  start: number | undefined,
  shape: readonly number[],
): Record<string, TensorData> {
  const { labels, decoderInputIds } = options;
  if (start === undefined) {
    if (decoderInputIds)
      throw new ConfigError("forward: decoderInputIds: only an encoder–decoder reads them");
    if (!labels) return {};
    const rows = toTensor("labels", labels, shape);
    checkIds("labels", rows.data, network.vocabSize, true);
    const scored = network.kind === "decoder" ? shiftLeft(rows.data, shape[1]!) : rows.data;
    return { labels: integers(scored, shape) };
  }
  const own = decoderInputIds && toTensor("decoderInputIds", decoderInputIds);
  const answers = labels && toTensor("labels", labels, own?.shape);
  if (answers) checkIds("labels", answers.data, network.vocabSize, true);
  const read =
    own ?? (answers && integers(shiftRight(answers.data, answers.shape[1], start), answers.shape));
  if (!read) {
    throw new ConfigError(
      "forward: decoderInputIds: expected what the decoder has written so far, or labels; got neither",
    );
  }
  if (read.shape[0] !== shape[0])
    throw new ConfigError(
      `forward: decoderInputIds: expected ${shape[0]} rows as in inputIds, got ${read.shape[0]}`,
    );
  checkIds("decoderInputIds", read.data, network.vocabSize);
  checkPositions([read.shape[1]! - 1], network.maxPositions);
  return { decoderInputIds: read, ...(answers && { labels: answers }) };
}

/** @throws {ConfigError} if an id is outside its table. */
export function checkIds(
  what: string,
  ids: ArrayLike<number>,
  size: number,
  mayBeNegative = false,
): void {
  for (let i = 0; i < ids.length; i++) {
    const isFine = Number.isInteger(ids[i]) && ids[i]! < size && (mayBeNegative || ids[i]! >= 0);
    if (!isFine) {
      throw new ConfigError(
        `forward: ${what}: expected ids in [0, ${size}), got ${ids[i]} at index ${i}; was the text encoded with this model's tokenizer?`,
      );
    }
  }
}

function checkPositions(positions: ArrayLike<number>, count: number | undefined): void {
  if (count === undefined) return;
  for (let i = 0; i < positions.length; i++) {
    if (positions[i]! < 0 || positions[i]! >= count) {
      throw new ConfigError(
        `forward: position ${positions[i]} is past the table of learned positions, which has ${count} rows (xPos has none, but its scales reach no further); read at most ${count} tokens at once, or choose a model with RoPE or ALiBi`,
      );
    }
  }
}
