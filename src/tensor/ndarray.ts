/** Plain float64 arrays with a shape, row-major: what the interpreter computes with. */

/** Numbers with a shape, row-major. Booleans are 0 and 1, ids whole numbers. */
export interface NDArray {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** The number of elements of a shape. */
export function sizeOfArray(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** An array of zeros. */
export function zerosArray(shape: readonly number[]): {
  data: Float64Array;
  shape: readonly number[];
} {
  return { data: new Float64Array(sizeOfArray(shape)), shape };
}

/** Elements to step over per index, for each axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/**
 * Strides that read `shape` as if it had been broadcast to `target`: 0 along axes of size 1.
 */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape);
  const lead = target.length - shape.length;
  return target.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : own[i - lead]!));
}

/**
 * Calls `visit` with the offset into each operand for every element of `shape`, in row-major
 * order. `strides[k]` are operand k's strides along the axes of `shape`.
 */
export function forEachElement(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (index: number, offsets: readonly number[]) => void,
): void {
  const total = sizeOfArray(shape);
  const counter = shape.map(() => 0);
  const offsets = strides.map(() => 0);
  for (let index = 0; index < total; index++) {
    visit(index, offsets);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      counter[axis]!++;
      for (let k = 0; k < offsets.length; k++) offsets[k]! += strides[k]![axis]!;
      if (counter[axis]! < shape[axis]!) break;
      for (let k = 0; k < offsets.length; k++) offsets[k]! -= strides[k]![axis]! * shape[axis]!;
      counter[axis] = 0;
    }
  }
}

/** A new array whose elements are `f` of the operands, which broadcast to `shape`. */
export function mapArrays(
  shape: readonly number[],
  operands: readonly NDArray[],
  f: (...values: number[]) => number,
): NDArray {
  const result = zerosArray(shape);
  const strides = operands.map((operand) => broadcastStrides(operand.shape, shape));
  forEachElement(shape, strides, (index, offsets) => {
    result.data[index] = f(...operands.map((operand, k) => operand.data[offsets[k]!]!));
  });
  return result;
}
