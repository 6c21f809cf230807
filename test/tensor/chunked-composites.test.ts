/** The composites at their own chunk sizes, against the same mathematics in one piece. */
import { random } from "orrery-lm/base";
import { floatData, floats, integers, nativeRuntime, type TensorData } from "orrery-lm/runtime";
import * as tensor from "orrery-lm/tensor";
import type { ScoreBias, Shape, Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

type Numbers = readonly number[];

function normal(name: string, shape: Numbers): TensorData {
  const length = shape.reduce((product, size) => product * size, 1);
  const stream = random(1, name);
  return floats(
    Float32Array.from({ length }, () => stream.normal()),
    shape,
  );
}

/** A result and the gradients of `Σ result²` by `wanted`. */
function withGradients(y: Value, wanted: readonly Value[]): Record<string, Value> {
  const loss = tensor.reduceSum(tensor.multiply(y, y), [...y.shape.keys()]);
  const slopes = tensor.gradients(loss, wanted);
  return { y, ...Object.fromEntries(slopes.map((slope, i) => [`slope ${i}`, slope])) };
}

async function run(
  outputs: Record<string, Value>,
  feeds: Record<string, TensorData>,
): Promise<Map<string, Float32Array>> {
  const session = await (await nativeRuntime({ threads: 2 })).open(tensor.compile(outputs));
  const results = await session.run(feeds);
  await session.release();
  return new Map(Object.entries(results).map(([name, value]) => [name, floatData(value)]));
}

/** The largest difference between two programs' outputs, relative to the output's largest element. */
async function difference(
  parts: Record<string, Value>,
  whole: Record<string, Value>,
  feeds: Record<string, TensorData>,
): Promise<number> {
  const [actual, expected] = [await run(parts, feeds), await run(whole, feeds)];
  const found = [...expected].map(([name, data]) => {
    const apart = data.map((value, i) => value - actual.get(name)![i]!);
    return largest(apart) / largest(data);
  });
  return found.includes(NaN) ? NaN : Math.max(...found);
}

function largest(data: Float32Array): number {
  return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

// Some gradients are sums of a million products, in another order.
const BOUND = 2e-5;

const [batch, keyHeads, groups, width] = [2, 2, 2, 4];

interface Attended {
  tokens: number;
  past: number;
  isOpen: boolean;
  isCausal: boolean;
  isPadded: boolean;
  window?: number;
}

/** Attention by chunks and in one piece, with a bias of distance. */
function attentions({
  tokens,
  past,
  isOpen,
  isCausal,
  isPadded,
  window,
}: Attended): [Value, Value, Value[]] {
  const [queryCount, keyCount] = isOpen ? ["tokens", "past+tokens"] : [tokens, past + tokens];
  const keyShape: Shape = [batch, keyHeads, 1, keyCount!, width];
  const queries = tensor.input("q", [batch, keyHeads, groups, queryCount!, width]);
  const [keys, values] = [tensor.input("k", keyShape), tensor.input("v", keyShape)];
  const slopes = tensor.input("slopes", [keyHeads, groups, 1, 1]);
  const queryPositions = tensor.input("queryPositions", [batch, queryCount!], "int32");
  const keyPositions = tensor.input("keyPositions", [batch, keyCount!], "int32");
  const mask = tensor.input("mask", [batch, keyCount!], "bool");
  const compute: ScoreBias["compute"] = (part, [slope]) => {
    const [atQuery, atKey] = [part.queryPositions, part.keyPositions];
    const distance = tensor.subtract(
      tensor.reshape(atKey, [batch, 1, 1, 1, tensor.axisSize(atKey, 1)]),
      tensor.reshape(atQuery, [batch, 1, 1, tensor.axisSize(atQuery, 1), 1]),
    );
    return tensor.multiply(tensor.cast(distance, "float32"), slope!);
  };
  const chunked = tensor.attention({
    queries,
    keys,
    values,
    scale: 0.5,
    isCausal,
    keyMask: isPadded ? mask : undefined,
    window,
    bias: { compute, shared: [slopes] },
    positions: { queries: queryPositions, keys: keyPositions },
    name: "attention",
  });

  const scores = tensor.add(
    tensor.matmul(queries, keys, { transposeB: true, scale: 0.5 }),
    compute({ queries, keys, queryPositions, keyPositions }, [slopes]),
  );
  const column = tensor.reshape(queryPositions, [batch, 1, 1, queryCount!, 1]);
  const row = tensor.reshape(keyPositions, [batch, 1, 1, 1, keyCount!]);
  const before = isCausal ? tensor.lessOrEqual(row, column) : tensor.equal(row, row);
  const reach = tensor.constant([window ?? 1e6], [1], "int32");
  const near = tensor.and(
    tensor.less(tensor.subtract(column, reach), row),
    tensor.less(row, tensor.add(column, reach)),
  );
  const real = tensor.reshape(mask, [batch, 1, 1, 1, keyCount!]);
  const around = tensor.and(before, near);
  const seen = isPadded ? tensor.and(around, real) : around;
  const whole = tensor.matmul(tensor.maskedSoftmax(scores, seen), values);
  return [chunked, whole, [queries, keys, values, slopes]];
}

function attentionFeeds({ tokens, past, isPadded }: Attended): Record<string, TensorData> {
  const keyCount = past + tokens;
  const positions = (count: number, first: number): TensorData =>
    integers(
      Int32Array.from({ length: batch * count }, (_, i) => first + (i % count)),
      [batch, count],
    );
  // The first row is padded so far on the left that its first chunk of queries sees nothing.
  const mask = Uint8Array.from({ length: batch * keyCount }, (_, i) =>
    i < keyCount ? Number(i >= past + 280) : 1,
  );
  return {
    q: normal("q", [batch, keyHeads, groups, tokens, width]),
    k: normal("k", [batch, keyHeads, 1, keyCount, width]),
    v: normal("v", [batch, keyHeads, 1, keyCount, width]),
    slopes: floats(Float32Array.of(0.5, 0.1, 0.02, 0), [keyHeads, groups, 1, 1]),
    queryPositions: positions(tokens, past),
    keyPositions: positions(keyCount, 0),
    ...(isPadded && { mask: { dtype: "bool", data: mask, shape: [batch, keyCount] } }),
  };
}

describe("attention in chunks of 256 queries", () => {
  const open = { isOpen: true, isCausal: true, isPadded: false };
  const bound = { ...open, isOpen: false };
  it.each<[string, Attended]>([
    ["two chunks and a rest", { ...bound, tokens: 600, past: 0 }],
    ["one more than a chunk", { ...bound, tokens: 257, past: 0 }],
    ["after a cache", { ...bound, tokens: 300, past: 40 }],
    ["padded on the left", { ...bound, tokens: 600, past: 3, isPadded: true }],
    ["not causal", { ...bound, tokens: 300, past: 20, isCausal: false }],
    ["symbols, two chunks and a rest", { ...open, tokens: 600, past: 0 }],
    ["symbols, after a cache", { ...open, tokens: 300, past: 40 }],
    ["symbols, padded on the left", { ...open, tokens: 600, past: 3, isPadded: true }],
    ["a window", { ...bound, tokens: 600, past: 0, window: 100 }],
    [
      "a window wider than a chunk, after a cache",
      { ...bound, tokens: 600, past: 40, window: 300 },
    ],
    ["a window to both sides", { ...bound, tokens: 600, past: 0, isCausal: false, window: 100 }],
    [
      "a window, padded on the left",
      { ...bound, tokens: 600, past: 3, isPadded: true, window: 50 },
    ],
    ["symbols, a window", { ...open, tokens: 600, past: 5, window: 100 }],
    [
      "symbols, a window to both sides",
      { ...open, tokens: 600, past: 0, isCausal: false, window: 300 },
    ],
    ["symbols, not causal", { ...open, tokens: 300, past: 20, isCausal: false }],
  ])("%s", async (_, options) => {
    const [chunked, whole, wanted] = attentions(options);
    const [parts, all] = [withGradients(chunked, wanted), withGradients(whole, wanted)];
    expect(await difference(parts, all, attentionFeeds(options))).toBeLessThan(BOUND);
  });

  it.each([false, true])(
    "never reads what the mask hides beyond a chunk, symbols: %s",
    async (isOpen) => {
      const options = { ...bound, isOpen, tokens: 600, past: 0 };
      const feeds = attentionFeeds(options);
      const poisoned = (name: string): TensorData => {
        const { shape } = feeds[name]!;
        const data = floatData(feeds[name]).map((value, i) =>
          Math.floor(i / width) % shape[3]! < 256 ? value : NaN,
        );
        return floats(data, shape);
      };
      const y = attentions(options)[0];
      const clean = (await run({ y }, feeds)).get("y")!;
      const dirty = (await run({ y }, { ...feeds, k: poisoned("k"), v: poisoned("v") })).get("y")!;
      const firstChunk = dirty.subarray(0, 256 * width);
      expect(firstChunk).toEqual(clean.subarray(0, 256 * width));
      expect(dirty.at(-1)).toBeNaN();
    },
  );
});

describe("attention in chunks with a window", () => {
  it.each([false, true])(
    "never reads what no query of a chunk sees, symbols: %s",
    async (isOpen) => {
      const options: Attended = {
        tokens: 600,
        past: 0,
        isOpen,
        isCausal: true,
        isPadded: false,
        window: 50,
      };
      const feeds = attentionFeeds(options);
      const { shape } = feeds["v"]!;
      const early = (i: number): boolean => Math.floor(i / width) % shape[3]! < 256;
      const poisoned = floatData(feeds["v"]).map((value, i) => (early(i) ? NaN : value));
      const y = attentions(options)[0];
      const clean = (await run({ y }, feeds)).get("y")!;
      const dirty = (await run({ y }, { ...feeds, v: floats(poisoned, shape) })).get("y")!;
      const lastChunk = -(600 - 512) * width;
      expect(dirty.subarray(lastChunk)).toEqual(clean.subarray(lastChunk));
      expect(dirty[256 * width]).toBeNaN();
    },
  );
});

describe("linear cross entropy in chunks of rows", () => {
  it("gives the losses and gradients of all rows at once", async () => {
    const [rows, vocab, channels] = [300, 2 ** 17, 2];
    expect(tensor.rowsWithin(tensor.LOGITS_AT_A_TIME, vocab)).toBeLessThan(rows / 2);
    const x = tensor.input("x", [rows, channels]);
    const weight = tensor.input("weight", [vocab, channels]);
    const labels = tensor.input("labels", [rows], "int32");
    const logits = tensor.matmul(x, weight, { transposeB: true });
    const parts = tensor.linearCrossEntropy(x, weight, labels);
    const whole = tensor.crossEntropyRows(logits, labels);
    const feeds = {
      x: normal("x", [rows, channels]),
      weight: normal("weight", [vocab, channels]),
      labels: integers(
        Int32Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? -100 : (i * 997) % vocab)),
        [rows],
      ),
    };
    const wanted = [x, weight];
    expect(
      await difference(withGradients(parts, wanted), withGradients(whole, wanted), feeds),
    ).toBeLessThan(BOUND);
  });
});
