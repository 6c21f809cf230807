/** Slicing, padding with zeros and concatenating along one axis: each other's gradients. */

import { ShapeError } from "orrery-lm/base";
import {
  addDimensions,
  resolveDimension,
  subtractDimensions,
  type Dimension,
} from "../dimension.ts";
import { sizeOfArray, zerosArray, type NDArray } from "../ndarray.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";
import { frontAxis } from "./checks.ts";

interface RangeAttributes {
  axis: number;
  start: Dimension;
  end: Dimension;
}

/** Copies `source` into `target`, or a part of it: `offset` counts along `axis` in the larger. */
function copyAlong(source: NDArray, target: NDArray, axis: number, offset: number): void {
  const inner = sizeOfArray(source.shape.slice(axis + 1));
  const outer = sizeOfArray(source.shape.slice(0, axis));
  const from = source.shape[axis]!;
  const to = target.shape[axis]!;
  const length = Math.min(from, to) * inner;
  const skipFrom = from > to ? offset * inner : 0;
  const skipTo = from > to ? 0 : offset * inner;
  for (let i = 0; i < outer; i++) {
    const start = i * from * inner + skipFrom;
    target.data.set(source.data.subarray(start, start + length), i * to * inner + skipTo);
  }
}

const sliceOperation: Operation<RangeAttributes> = {
  name: "slice",
  infer([x], { axis, start, end }) {
    const size = axisSize(x!, axis);
    for (const place of [start, end]) {
      if (typeof place === "number" && !Number.isInteger(place))
        throw new ShapeError("slice: whole places", ["start", "end"], [start, end]);
    }
    if (typeof start === "number" && (start < 0 || (typeof end === "number" && end < start))) {
      throw new ShapeError("slice: start ≤ end", [start], [end]);
    }
    if (typeof end === "number" && typeof size === "number" && end > size) {
      throw new ShapeError("slice: an end inside the axis", [size], [end]);
    }
    return { shape: x!.shape.with(axis, subtractDimensions(end, start)), dtype: x!.dtype };
  },
  evaluate([x], { axis, start }, shape, bindings) {
    const result = zerosArray(shape);
    copyAlong(x!, result, axis, resolveDimension(start, bindings));
    return result;
  },
  gradient({ inputs: [x], attributes: { axis, start, end } }, dy) {
    return [padZeros(dy, axis, start, subtractDimensions(axisSize(x!, axis), end))];
  },
  lower({ inputs: [x], attributes: { axis, start, end } }, lowering) {
    const places = [lowering.dimension(start), lowering.dimension(end), lowering.int64s([axis])];
    return lowering.emit("Slice", [lowering.of(x!), ...places]);
  },
};

interface PadAttributes {
  axis: number;
  before: Dimension;
  after: Dimension;
}

const padOperation: Operation<PadAttributes> = {
  name: "padZeros",
  infer([x], { axis, before, after }) {
    if ([before, after].some((zeros) => typeof zeros === "number" && !(zeros >= 0)))
      throw new ShapeError("padZeros: zeros on both sides", ["0 or more"], [before, after]);
    const size = addDimensions(addDimensions(before, axisSize(x!, axis)), after);
    return { shape: x!.shape.with(axis, size), dtype: x!.dtype };
  },
  evaluate([x], { axis, before }, shape, bindings) {
    const result = zerosArray(shape);
    copyAlong(x!, result, axis, resolveDimension(before, bindings));
    return result;
  },
  gradient({ inputs: [x], attributes: { axis, before } }, dy) {
    return [slice(dy, axis, before, addDimensions(before, axisSize(x!, axis)))];
  },
  lower({ inputs: [x], attributes: { axis, before, after } }, lowering) {
    const none: Dimension[] = x!.shape.map(() => 0);
    const pads = lowering.dimensions([...none.with(axis, before), ...none.with(axis, after)]);
    return lowering.emit("Pad", [lowering.of(x!), pads], { attributes: { mode: "constant" } });
  },
};

const concatOperation: Operation<{ axis: number }> = {
  name: "concat",
  infer(inputs, { axis }) {
    const [first] = inputs;
    for (const { shape, dtype } of inputs) {
      if (
        dtype !== first!.dtype ||
        shape.length !== first!.shape.length ||
        shape.with(axis, 0).join() !== first!.shape.with(axis, 0).join()
      ) {
        throw new ShapeError("concat", first!.shape.with(axis, "any"), shape);
      }
    }
    const size = inputs.map((value) => axisSize(value, axis)).reduce(addDimensions);
    return { shape: first!.shape.with(axis, size), dtype: first!.dtype };
  },
  evaluate(inputs, { axis }, shape) {
    const result = zerosArray(shape);
    let offset = 0;
    for (const part of inputs) {
      copyAlong(part, result, axis, offset);
      offset += part.shape[axis]!;
    }
    return result;
  },
  gradient({ inputs, attributes: { axis } }, dy) {
    let start: Dimension = 0;
    return inputs.map((part) => {
      const end: Dimension = addDimensions(start, axisSize(part, axis));
      const gradient = slice(dy, axis, start, end);
      start = end;
      return gradient;
    });
  },
  lower: ({ inputs, attributes: { axis } }, lowering) =>
    lowering.emit(
      "Concat",
      inputs.map((value) => lowering.of(value)),
      { attributes: { axis } },
    ),
};

/** Elements `[start, end)` along an axis. */
export function slice(x: Value, axis: number, start: Dimension, end: Dimension): Value {
  const front = frontAxis("slice", x, axis);
  if (start === 0 && end === axisSize(x, front)) return x;
  return makeValue(sliceOperation, [x], { axis: front, start, end });
}

/** `x` with zeros before and after it along an axis. */
export function padZeros(x: Value, axis: number, before: Dimension, after: Dimension): Value {
  if (before === 0 && after === 0) return x;
  return makeValue(padOperation, [x], { axis: frontAxis("padZeros", x, axis), before, after });
}

/**
 * Values one after the other along an axis.
 *
 * @throws {ShapeError} if there is none, or the other axes do not agree.
 */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 0) throw new ShapeError("concat: values", ["1 or more"], [0]);
  if (values.length === 1) return values[0]!;
  return makeValue(concatOperation, values, { axis: frontAxis("concat", values[0]!, axis) });
}
