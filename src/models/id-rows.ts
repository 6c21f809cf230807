/** Ids, masks and positions as callers write them, as tensors. */

import { ConfigError, ShapeError } from "orrery-lm/base";

/** Whole numbers in rows of equal length. */
export type IdRows =
  | readonly (readonly number[])[]
  | { data: Int32Array; shape: readonly number[] };

/** An int32 tensor [rows, tokens]. */
export interface IdTensor {
  readonly dtype: "int32";
  readonly data: Int32Array;
  readonly shape: readonly [number, number];
}

/**
 * Rows as a tensor.
 *
 * @param what the argument's name, for errors
 * @param shape that of the other arguments, if it is known
 * @throws {ShapeError} if there is nothing, or the rows differ in length or from `shape`.
 * @throws {ConfigError} if a number does not fit into 32 bits or is broken.
 */
export function toTensor(what: string, rows: IdRows, shape?: readonly number[]): IdTensor {
  const where = `forward: ${what}`;
  const own = "data" in rows ? rows.shape : shapeOf(where, rows);
  const [height = 0, tokens = 0] = own;
  if (own.length !== 2 || height * tokens === 0 || (shape && own.join() !== shape.join())) {
    throw new ShapeError(where, shape ?? ["batch", "tokens"], own);
  }
  if ("data" in rows && rows.data.length !== height * tokens) {
    throw new ShapeError(`${where}: data`, [height * tokens], [rows.data.length]);
  }
  const data = "data" in rows ? rows.data : toIntegers(where, rows.flat());
  return { dtype: "int32", data, shape: [height, tokens] };
}

function shapeOf(where: string, rows: readonly (readonly number[])[]): readonly number[] {
  const tokens = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== tokens);
  if (ragged >= 0) throw new ShapeError(`${where}[${ragged}]`, [tokens], [rows[ragged]!.length]);
  return [rows.length, tokens];
}

function toIntegers(where: string, numbers: readonly number[]): Int32Array {
  const data = Int32Array.from(numbers);
  const bad = numbers.findIndex((value, i) => value !== data[i]);
  if (bad >= 0) {
    throw new ConfigError(`${where}: expected whole numbers, got ${numbers[bad]} at index ${bad}`);
  }
  return data;
}

/** Whether a mask's number stands for a real token: 1 or 0. */
export function isReal(mask: number): 0 | 1 {
  return mask === 0 ? 0 : 1;
}

/** Positions that count the tokens whose mask is not 0; padding before the first stands at 0. */
export function countReal(mask: Int32Array, tokens: number): Int32Array {
  const positions = new Int32Array(mask.length);
  for (let start = 0; start < mask.length; start += tokens) {
    let seen = 0;
    for (let i = start; i < start + tokens; i++) {
      seen += isReal(mask[i]!);
      positions[i] = Math.max(0, seen - 1);
    }
  }
  return positions;
}

/** Positions that begin anew wherever the id of a text changes. */
export function countInRuns(sequenceIds: Int32Array, tokens: number): Int32Array {
  const positions = new Int32Array(sequenceIds.length);
  for (let i = 1; i < positions.length; i++) {
    const goesOn = i % tokens !== 0 && sequenceIds[i] === sequenceIds[i - 1];
    positions[i] = goesOn ? positions[i - 1]! + 1 : 0;
  }
  return positions;
}

/** Labels moved one place to the left in each row; the last place does not count. */
export function shiftLeft(labels: Int32Array, tokens: number): Int32Array {
  return labels.map((_, i) => ((i + 1) % tokens === 0 ? -100 : labels[i + 1]!));
}

/** Labels moved one place to the right behind a start token; what does not count becomes the start token. */
export function shiftRight(labels: Int32Array, tokens: number, start: number): Int32Array {
  return labels.map((_, i) => (i % tokens === 0 || labels[i - 1]! < 0 ? start : labels[i - 1]!));
}
