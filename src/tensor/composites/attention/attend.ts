/** Attention of a chunk of queries. */

import type { Dimension } from "../../dimension.ts";
import { cast } from "../../ops/compare.ts";
import { constant, scalar } from "../../ops/constant.ts";
import { add, divide, multiply, subtract, tanh } from "../../ops/elementwise.ts";
import { expand } from "../../ops/expand.ts";
import { iota } from "../../ops/iota.ts";
import { matmul } from "../../ops/matmul.ts";
import { reduceMax } from "../../ops/reduce-max.ts";
import { concat, slice } from "../../ops/slice.ts";
import { axisSize, named, type Value } from "../../value.ts";
import { maskedSoftmax } from "../masked-softmax.ts";
import type { AttentionOptions, PastOptions, ScorePart } from "./attention-options.ts";
import { visibility, type KeyPlaces, type Sight } from "./visibility.ts";
import { softmaxWithSinks, weightedSum } from "./weighted-sum.ts";

/** Gives a part of what attention reads, cut to the chunk. */
export type Chunk = (name: string) => Value | undefined;

/** Keys and values with their places: those of earlier tokens, or those of the tokens that are read. */
interface KeySide {
  keys: Value;
  values: Value;
  places: KeyPlaces;
}

/**
 * What the queries of a chunk read.
 *
 * @returns [B, K, G, tq, Dv]
 */
export function attend(options: AttentionOptions, chunk: Chunk): Value {
  const { past, bias, valueTerm, softCap, scale, name } = options;
  const queries = chunk("queries")!;
  const sides = [...(past ? [pastSide(past)] : []), newSide(chunk)];
  const shared = (of: "bias" | "valueTerm"): Value[] =>
    options[of]!.shared.map((_, i) => chunk(`${of} ${i}`)!);
  const part = ({ keys, places }: KeySide): ScorePart => ({
    queries,
    keys,
    queryPositions: chunk("queryPositions")!,
    keyPositions: places.positions!,
  });
  const scaled = sides.map((side) => {
    const products = matmul(queries, side.keys, { transposeB: true, scale });
    return bias ? add(products, bias.compute(part(side), shared("bias"))) : products;
  });
  const scores = named(bounded(concat(scaled, -1), softCap), `${name}.scores`);
  const visible = visibleKeys(options, chunk, sides);
  const everyRowSees = seesItself(options);
  const mean = chunk("mean 0");
  const blind = mean && multiply(isBlind(visible), mean);
  const sinks = chunk("sinks 0");
  if (!past && !sinks && !valueTerm) {
    const read = weightedSum([scores, visible, chunk("values")!], { everyRowSees, name });
    return blind ? add(read, blind) : read;
  }
  const weights = named(
    sinks ? softmaxWithSinks(scores, visible, sinks) : maskedSoftmax(scores, visible, everyRowSees),
    `${name}.probabilities`,
  );
  const reads = sides.flatMap((side, i) => {
    const own = sides.length === 1 ? weights : ofSide(weights, sides, i);
    const sum = matmul(own, side.values);
    return valueTerm ? [sum, valueTerm.compute(part(side), own, shared("valueTerm"))] : [sum];
  });
  return (blind ? [...reads, blind] : reads).reduce(add);
}

function pastSide({ keys, values, mask, positions, length }: PastOptions): KeySide {
  const index = subtract(iota(axisSize(keys, 3)), length);
  return { keys, values, places: { index, mask, positions } };
}

function newSide(chunk: Chunk): KeySide {
  return {
    keys: chunk("keys")!,
    values: chunk("values")!,
    places: {
      index: chunk("keyIndex"),
      mask: chunk("keyMask"),
      sequenceIds: chunk("keySequences"),
      positions: chunk("keyPositions"),
    },
  };
}

/** The weights of the keys of one side. */
function ofSide(weights: Value, sides: readonly KeySide[], i: number): Value {
  const first = axisSize(sides[0]!.keys, 3);
  return i === 0 ? slice(weights, -1, 0, first) : slice(weights, -1, first, axisSize(weights, -1));
}

function bounded(scores: Value, cap: number | undefined): Value {
  return cap === undefined ? scores : multiply(tanh(divide(scores, scalar(cap))), scalar(cap));
}

function visibleKeys(options: AttentionOptions, chunk: Chunk, sides: readonly KeySide[]): Value {
  const { isCausal, window, sinkTokens, past } = options;
  const lengths = chunk("prefixLengths 0");
  const sight: Sight = {
    isCausal,
    window,
    sinkTokens,
    prefixLengths: lengths && past ? subtract(lengths, past.length) : lengths,
  };
  const queries = {
    index: chunk("queryIndex"),
    mask: chunk("queryMask"),
    sequenceIds: chunk("querySequences"),
  };
  const everything = constant([1], [1], "bool");
  const parts = sides.map(({ places }) => visibility(sight, queries, places) ?? everything);
  if (parts.length === 1) return parts[0]!;
  const { shape } = chunk("queries")!;
  const rows: Dimension[] = [shape[0]!, 1, 1, shape[3]!];
  const whole = parts.map((visible, i) => expand(visible, [...rows, axisSize(sides[i]!.keys, 3)]));
  return concat(whole, -1);
}

/** One where a query has nothing to see, else zero: [B, 1, 1, tq or 1, 1]. */
function isBlind(visible: Value): Value {
  return subtract(scalar(1), reduceMax(cast(visible, "float32"), [-1]));
}

/** Whether every query sees some key, so that no row of weights must be cleared. */
export function seesItself(options: AttentionOptions): boolean {
  const { queries, keys, keyMask, queryMask, window, isCausal } = options;
  if (keyMask || queryMask) return false;
  return window === undefined || isCausal || axisSize(queries, 3) === axisSize(keys, 3);
}
