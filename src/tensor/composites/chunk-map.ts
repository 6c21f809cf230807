/**
 * A map over chunks of rows, so that what is large per row never exists for all rows at once:
 * the scores of attention, the logits of cross entropy. Forward, the chunks are written one after
 * the other (a loop where the number of rows is known only at run time). Backward, each chunk is
 * computed again and differentiated alone: memory for one chunk, not for all. Where all chunks fit,
 * `recomputes: false` spares that work.
 *
 * @see Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost", https://arxiv.org/abs/1604.06174
 */

import { addDimensions, subtractDimensions, type Dimension } from "../dimension.ts";
import { vectorJacobian } from "../gradients.ts";
import type { Lowering } from "../onnx/lowering.ts";
import { scalar } from "../ops/constant.ts";
import { add, multiply } from "../ops/elementwise.ts";
import { expand, reduceSum } from "../ops/expand.ts";
import { input } from "../ops/input.ts";
import { concat, padZeros, slice } from "../ops/slice.ts";
import { axisSize, makeValue, type Node, type Operation, type Value } from "../value.ts";

/** What {@link chunkMap} needs to know. */
export interface ChunkMapOptions {
  /** Values cut into chunks, with the axis that is cut; all are equally long there. */
  chunked: readonly { value: Value; axis: number }[];
  /**
   * Values that every chunk sees; with `seenAlong` only the places on that axis which are in reach
   * of its rows. The last place belongs to the last row: keys under a causal mask or a window.
   */
  shared: readonly { value: Value; seenAlong?: number | undefined }[];
  /**
   * How many places a row sees behind and ahead of its own.
   *
   * @default everything behind, nothing ahead
   */
  reach?: Reach;
  /** Rows per chunk. */
  rows: number;
  /**
   * Whether the backward pass computes each chunk again, which bounds memory, or uses what the
   * forward pass left, which is faster. Without it chunks only spare what is out of reach.
   * @default true
   */
  recomputes?: boolean;
  /** The axis of the result along which chunks follow one another. */
  axis: number;
  /** The result for a chunk. Must treat rows independently, so that chunks do not change it. */
  body: (chunked: readonly Value[], shared: readonly Value[]) => Value;
}

interface Reach {
  behind?: number | undefined;
  ahead: number;
}

interface ChunkMapAttributes extends Omit<ChunkMapOptions, "chunked" | "shared" | "reach"> {
  chunkAxes: readonly number[];
  seenAxes: readonly (number | undefined)[];
  reach: Reach;
}

type ChunkMapNode = Node<ChunkMapAttributes>;

/** The rows `[start, end)` of every input, as `body` wants them. */
function chunkInputs(
  { inputs, attributes }: ChunkMapNode,
  start: Dimension,
  end: Dimension,
): Value[] {
  const { chunkAxes, seenAxes, reach } = attributes;
  const length = axisSize(inputs[0]!, chunkAxes[0]!);
  return inputs.map((value, i) => {
    if (i < chunkAxes.length) return slice(value, chunkAxes[i]!, start, end);
    const axis = seenAxes[i - chunkAxes.length];
    if (axis === undefined) return value;
    return slice(value, axis, ...seenPlaces(axisSize(value, axis), length, [start, end], reach));
  });
}

/** The places of `size` that are in reach of the rows `[start, end)` of `length`. */
function seenPlaces(
  size: Dimension,
  length: Dimension,
  [start, end]: readonly [Dimension, Dimension],
  { behind, ahead }: Reach,
): [Dimension, Dimension] {
  const before = subtractDimensions(size, length);
  const first = addDimensions(before, start);
  const last = addDimensions(before, end);
  const from = behind === undefined || typeof first === "string" ? 0 : Math.max(0, first - behind);
  if (typeof last === "number" && typeof size === "number")
    return [from, Math.min(size, last + ahead)];
  return [from, ahead === 0 ? last : size];
}

function applyBody({ body, chunkAxes }: ChunkMapAttributes, inputs: readonly Value[]): Value {
  return body(inputs.slice(0, chunkAxes.length), inputs.slice(chunkAxes.length));
}

/** All chunks, one after the other. */
function inChunks(node: ChunkMapNode, ranges: readonly [Dimension, Dimension][]): Value {
  const { attributes } = node;
  const parts = ranges.map(([start, end]) => applyBody(attributes, chunkInputs(node, start, end)));
  return concat(parts, attributes.axis);
}

/** Where the chunks begin and end; one chunk where the length is a symbol. */
function chunkRanges({ inputs, attributes }: ChunkMapNode): [Dimension, Dimension][] {
  const length = axisSize(inputs[0]!, attributes.chunkAxes[0]!);
  if (typeof length === "string") return [[0, length]];
  const ranges: [number, number][] = [];
  for (let start = 0; start < length || start === 0; start += attributes.rows) {
    ranges.push([start, Math.min(length, start + attributes.rows)]);
  }
  return ranges;
}

const chunkMapOperation: Operation<ChunkMapAttributes> = {
  name: "chunkMap",
  infer(inputs, attributes) {
    const { shape, dtype } = applyBody(attributes, inputs);
    return { shape, dtype };
  },
  define: (inputs, attributes) => applyBody(attributes, inputs),

  gradient(node, upstream) {
    const { inputs, attributes } = node;
    const { chunkAxes, seenAxes, axis, reach } = attributes;
    const length = axisSize(inputs[0]!, chunkAxes[0]!);
    const ranges = chunkRanges(node);
    if (ranges.length === 1 || attributes.recomputes === false) {
      return vectorJacobian(inChunks(node, ranges), upstream, inputs);
    }
    const sums = new Map<number, Value>(); // gradients of shared inputs, so far
    const parts: Value[][] = [];
    let trigger: Value | undefined;
    for (const [start, end] of ranges) {
      const dy = slice(upstream, axis, start, end);
      // After the sums of the chunk before, so that no two chunks are in memory at once.
      const after = trigger ?? dy;
      const cut = chunkInputs(node, start, end).map((value, i) =>
        i < chunkAxes.length && value.dtype === "float32" ? afterwards(value, after) : value,
      );
      const part = vectorJacobian(applyBody(attributes, cut), dy, cut);
      inputs.forEach((value, i) => {
        if (i < chunkAxes.length || value.dtype !== "float32") return;
        const seen = seenAxes[i - chunkAxes.length];
        let whole = part[i]!;
        if (seen !== undefined) {
          const size = axisSize(value, seen);
          const [from, to] = seenPlaces(size, length, [start, end], reach);
          whole = padZeros(whole, seen, from, subtractDimensions(size, to));
        }
        const sum = sums.get(i);
        trigger = sum === undefined ? whole : add(sum, whole);
        sums.set(i, trigger);
      });
      parts.push(part);
    }
    return inputs.map((value, i) => {
      if (value.dtype !== "float32") return undefined;
      if (i >= chunkAxes.length) return sums.get(i);
      return concat(
        parts.map((part) => part[i]!),
        chunkAxes[i]!,
      );
    });
  },

  lower(node, lowering) {
    const length = axisSize(node.inputs[0]!, node.attributes.chunkAxes[0]!);
    if (typeof length === "string") return lowerToLoop(node, lowering);
    const ranges = chunkRanges(node);
    if (ranges.length === 1) return undefined;
    return lowering.of(inChunks(node, ranges));
  },
};

/**
 * `x`, computed only once `trigger` is known: adds zero times one of its elements. Without it the
 * runtime would see the recomputation as a duplicate of the forward pass and keep that instead.
 */
function afterwards(x: Value, trigger: Value): Value {
  const one = trigger.shape.reduce<Value>((value, _, axis) => slice(value, axis, 0, 1), trigger);
  const zero = multiply(reduceSum(one, [...one.shape.keys()]), scalar(0));
  return add(
    x,
    expand(
      zero,
      x.shape.map(() => 1),
    ),
  );
}

/** ONNX Loop: chunk i covers rows [i·rows, min((i+1)·rows, length)); the result grows by Concat. */
function lowerToLoop(node: ChunkMapNode, lowering: Lowering): string {
  const { inputs, attributes } = node;
  const { chunkAxes, seenAxes, rows, axis, reach } = attributes;
  const outer = inputs.map((value) => lowering.of(value));
  const length = lowering.dimension(axisSize(inputs[0]!, chunkAxes[0]!));
  const one = lowering.int64s([1]);
  const roundedUp = lowering.emit("Add", [length, lowering.int64s([rows - 1])]);
  const trips = lowering.emit("Squeeze", [
    lowering.emit("Div", [roundedUp, lowering.int64s([rows])]),
  ]);

  const inner = lowering.inner("chunks");
  const prefix = `${outer[0]}_${trips}`;
  const iteration = inner.input(`${prefix}_i`, "int64", []);
  inner.input(`${prefix}_go`, "bool", []);
  const grown = inner.input(`${prefix}_grown`, node.dtype, undefined);
  const index = inner.emit("Reshape", [iteration, one]);
  const start = inner.emit("Mul", [index, inner.int64s([rows])]);
  const end = inner.emit("Min", [inner.emit("Add", [start, inner.int64s([rows])]), length]);
  const before = (whole: string, place: string, distance: number): string =>
    inner.emit("Add", [
      inner.emit("Sub", [whole, length]),
      inner.emit("Add", [place, inner.int64s([distance])]),
    ]);

  const symbol = `rows_${trips}`;
  const cut = inputs.map((value, i) => {
    const isChunk = i < chunkAxes.length;
    const cutAxis = isChunk ? chunkAxes[i] : seenAxes[i - chunkAxes.length];
    if (cutAxis === undefined) {
      const same = input(`${prefix}_${i}`, value.shape, value.dtype);
      inner.bind(same, outer[i]!);
      return same;
    }
    const range = [start, end];
    if (!isChunk) {
      const shape = inner.emit("Shape", [outer[i]!]);
      const whole = inner.emit("Gather", [shape, inner.int64s([cutAxis])]);
      const { behind, ahead } = reach;
      range[0] = inner.int64s([0]);
      if (behind !== undefined)
        range[0] = inner.emit("Max", [range[0], before(whole, start, -behind)]);
      range[1] = inner.emit("Min", [whole, before(whole, end, ahead)]);
    }
    const name = inner.emit("Slice", [outer[i]!, ...range, inner.int64s([cutAxis])]);
    const size = isChunk ? symbol : `seen_${symbol}`;
    const part = input(`${prefix}_${i}`, value.shape.with(cutAxis, size), value.dtype);
    inner.bind(part, name);
    return part;
  });
  const result = inner.of(applyBody(attributes, cut));
  const longer = inner.emit("Concat", [grown, result], { attributes: { axis } });
  inner.output(inner.emit("Identity", [`${prefix}_go`]), "bool", []);
  inner.output(longer, node.dtype, undefined);

  const nothing = lowering.constant(node.dtype, [0], [1]);
  const empty = lowering.emit("Expand", [nothing, lowering.dimensions(node.shape.with(axis, 0))]);
  return lowering.loop(trips, [empty], inner)[0]!;
}

/**
 * Applies `body` to chunks of rows and joins the results. The same as `body` on everything.
 *
 * @returns what `body` gives for all rows at once
 */
export function chunkMap({
  chunked,
  shared,
  reach = { ahead: 0 },
  ...options
}: ChunkMapOptions): Value {
  const inputs = [...chunked, ...shared].map(({ value }) => value);
  return makeValue(chunkMapOperation, inputs, {
    ...options,
    chunkAxes: chunked.map((item) => item.axis),
    seenAxes: shared.map((item) => item.seenAlong),
    reach,
  });
}

/** Rows per chunk so that rows times `width` stays within `elements`; at least one. */
export function rowsWithin(elements: number, width: Dimension): number {
  return typeof width === "number" ? Math.max(1, Math.floor(elements / width)) : 1;
}
