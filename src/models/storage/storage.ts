/**
 * How a checkpoint stores parameters: under other names, transposed, or several in one tensor.
 * Every entry is a bijection, so that saving what was loaded gives the file back.
 */

import { ConfigError, ShapeError } from "orrery-lm/base";
import type { ParameterSpecs } from "orrery-lm/nn";

/** One tensor of a file, and the parameters in it. */
export interface StorageEntry {
  /** The tensor's name in the file. */
  readonly tensor: string;
  /** Parameters, stacked along their first axis. */
  readonly parameters: readonly string[];
  /** Whether the file has the matrix as [in, out]. */
  readonly isTransposed?: boolean;
  /**
   * Stacked head by head (q₀ k₀ v₀ q₁ …) rather than parameter by parameter: the number of heads.
   * With as many heads as rows, rows alternate.
   */
  readonly heads?: number;
  /**
   * Into how many groups of equal length the parameters fall, each a matrix of its own under a new
   * first axis: `[experts, rows, columns]`.
   */
  readonly groups?: number;
  /** The tensor's shape in the file, where the same numbers in the same order have another. */
  readonly view?: readonly number[];
  /** Other names under which files have the tensor, instead or once more: a tied table. */
  readonly copies?: readonly string[];
}

/** Numbers with a shape. */
export interface StoredArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The shape that an entry's tensor has in the file. */
export function storedShape(entry: StorageEntry, specs: ParameterSpecs): readonly number[] {
  return entry.view ?? stackedShape(entry, specs);
}

function stackedShape(entry: StorageEntry, specs: ParameterSpecs): readonly number[] {
  if (entry.groups !== undefined)
    return [entry.groups, ...stackedShape(groupsOf(entry)[0]!, specs)];
  const shapes = entry.parameters.map((name) => specs[name]!.shape);
  const rows = shapes.reduce((sum, [size]) => sum + size!, 0);
  const stacked = [rows, ...shapes[0]!.slice(1)];
  return entry.isTransposed ? stacked.toReversed() : stacked;
}

/** The groups of an entry, each as an entry. */
function groupsOf({ groups = 1, ...entry }: StorageEntry): StorageEntry[] {
  const length = entry.parameters.length / groups;
  return Array.from({ length: groups }, (_, i) => ({
    ...entry,
    parameters: entry.parameters.slice(i * length, (i + 1) * length),
  }));
}

/** Copies [rows, columns] as [columns, rows]. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c]!;
  }
  return result;
}

/** @yields for each parameter of an entry, the runs of its elements and where they lie in the stack */
function* runsOf(
  entry: StorageEntry,
  specs: ParameterSpecs,
): Generator<{ name: string; from: number; at: number; length: number }> {
  const heads = entry.heads ?? 1;
  let at = 0;
  for (let head = 0; head < heads; head++) {
    for (const name of entry.parameters) {
      const length = specs[name]!.shape.reduce((a, b) => a * b, 1) / heads;
      yield { name, from: head * length, at, length };
      at += length;
    }
  }
}

/**
 * The parameters in a stored tensor.
 *
 * @throws {ShapeError} if the tensor has another shape than its parameters need.
 */
export function unpackStored(
  entry: StorageEntry,
  stored: StoredArray,
  specs: ParameterSpecs,
): Map<string, Float32Array> {
  const expected = storedShape(entry, specs);
  if (stored.shape.join() !== expected.join()) {
    throw new ShapeError(`checkpoint: tensor ${entry.tensor}`, expected, stored.shape);
  }
  if (entry.groups !== undefined) {
    const [, ...shape] = expected;
    const length = stored.data.length / entry.groups;
    return new Map(
      groupsOf(entry).flatMap((group, i) => {
        const data = stored.data.slice(i * length, (i + 1) * length);
        return [...unpackStored(group, { data, shape }, specs)];
      }),
    );
  }
  const [rows, columns] = stackedShape(entry, specs);
  const plain = entry.isTransposed ? transposed(stored.data, rows!, columns!) : stored.data;
  const [only] = entry.parameters;
  if (entry.parameters.length === 1) return new Map([[only!, plain]]);
  const parts = new Map(
    entry.parameters.map((name) => [
      name,
      new Float32Array(specs[name]!.shape.reduce((a, b) => a * b, 1)),
    ]),
  );
  for (const { name, from, at, length } of runsOf(entry, specs)) {
    parts.get(name)!.set(plain.subarray(at, at + length), from);
  }
  return parts;
}

/** The stored tensor for an entry's parameters; the inverse of {@link unpackStored}. */
export function packStored(
  entry: StorageEntry,
  parameters: ReadonlyMap<string, Float32Array>,
  specs: ParameterSpecs,
): StoredArray {
  const shape = storedShape(entry, specs);
  if (entry.groups !== undefined) {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    groupsOf(entry).forEach((group, i) => {
      data.set(packStored(group, parameters, specs).data, (i * data.length) / entry.groups!);
    });
    return { data, shape };
  }
  const get = (name: string): Float32Array => {
    const data = parameters.get(name);
    if (!data) throw new ConfigError(`checkpoint: there are no numbers for the parameter ${name}`);
    return data;
  };
  const [only] = entry.parameters;
  let stacked = get(only!);
  if (entry.parameters.length > 1) {
    stacked = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (const { name, from, at, length } of runsOf(entry, specs)) {
      stacked.set(get(name).subarray(from, from + length), at);
    }
  }
  const [rows, columns] = stackedShape(entry, specs);
  const data = entry.isTransposed ? transposed(stacked, columns!, rows!) : stacked;
  return { data, shape };
}
