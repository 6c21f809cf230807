import { random } from "orrery-lm/base";
import {
  add,
  constant,
  interpret,
  matmul,
  multiply,
  reshape,
  scalar,
  transpose,
  type Value,
} from "orrery-lm/tensor";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { PositionEncoding, RotatedSide } from "./position-encoding.ts";
import type { RelativeTerms } from "./relative-terms.ts";

/** Options of {@link shiftChange}. */
export interface ShiftChangeOptions {
  positions: PositionEncoding;
  /** Terms by content and distance, if the method has them. */
  relative?: RelativeTerms | undefined;
  /** Channels, C. */
  hiddenSize: number;
  numHeads: number;
  /** How many tokens the text has. @default 12 */
  tokens?: number;
  /** By how many places the text moves. */
  shift: number;
}

/**
 * How much attention scores change when a whole text moves, over random tokens and parameters: none
 * where scores know distances only, up to the rounding of float64.
 *
 *     max over i, j of |score(i + s, j + s) - score(i, j)|
 *
 * Scores are those before the softmax, which forgives what changes a row as a whole.
 */
export function shiftChange(options: ShiftChangeOptions): number {
  const [here, there] = [scoresAt(options, 0), scoresAt(options, options.shift)];
  return here.reduce((most, score, i) => Math.max(most, Math.abs(score - there[i]!)), 0);
}

function scoresAt(options: ShiftChangeOptions, start: number): Float64Array {
  const { positions: encoding, relative, hiddenSize, numHeads, tokens = 12 } = options;
  const headDim = hiddenSize / numHeads;
  const places = constant(
    Array.from({ length: tokens }, (_, i) => start + i),
    [1, tokens],
    "int32",
  );
  const shared = numbersOf("positions", encoding.parameters());
  const ids = normal("tokens", [1, tokens, hiddenSize]);
  const x = encoding.embed?.(shared, ids, places) ?? ids;
  const turned = (side: RotatedSide): Value => {
    const projected = matmul(x, normal(side, [hiddenSize, hiddenSize], hiddenSize ** -0.5));
    const heads = reshape(projected, [1, tokens, numHeads, 1, headDim]);
    const split = transpose(heads, [0, 2, 3, 1, 4]);
    return encoding.rotate?.(split, places, places, side) ?? split;
  };
  const [queries, keys] = [turned("query"), turned("key")];
  const scale = 1 / Math.sqrt(headDim);
  const scores = multiply(matmul(queries, keys, { transposeB: true }), scalar(scale));
  const own = numbersOf("relative", relative?.parameters() ?? {});
  const projections: ParameterLookup = (name) =>
    normal(name, name.endsWith("bias") ? [hiddenSize] : [hiddenSize, hiddenSize]);
  const scope = { scale, network: shared, attention: projections };
  const bias = relative?.bias(own, scope) ?? encoding.bias?.(shared);
  const part = { queries, keys, queryPositions: places, keyPositions: places };
  const value = bias ? add(scores, bias.compute(part, bias.shared)) : scores;
  return Float64Array.from(interpret({ value }, {}).value.data);
}

function normal(name: string, shape: readonly number[], std = 1): Value {
  const stream = random(1, name);
  const length = shape.reduce((a, b) => a * b, 1);
  return constant(
    Float64Array.from({ length }, () => std * stream.normal()),
    shape,
  );
}

const numbersOf =
  (of: string, specs: ParameterSpecs): ParameterLookup =>
  (name) =>
    normal(`${of}.${name}`, specs[name]!.shape);
