/** Which keys queries see, against a loop that asks for each pair. */
import { random } from "orrery-lm/base";
import * as tensor from "orrery-lm/tensor";
import type { AttentionOptions, NDArray } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [batch, heads, groups, width] = [2, 2, 2, 3];

interface Sight {
  readonly name: string;
  readonly tokens: number;
  readonly keys?: number;
  readonly options: Partial<AttentionOptions>;
  /** Whether query `i` of row `b` sees key `j`, where a past comes before the other keys. */
  readonly sees: (b: number, i: number, j: number) => boolean;
  /** What a head's sink has, if there are sinks. */
  readonly sink?: (head: number) => number;
  readonly softCap?: number;
  readonly past?: number;
  /** Whether a query that sees nothing reads the mean. */
  readonly readsMean?: boolean;
}

const integers = (
  values: readonly number[],
  shape: readonly number[],
  dtype: tensor.Dtype = "int32",
) => tensor.constant(values, shape, dtype);
const sequences = [
  [0, 0, 1, 1, 1, 2],
  [5, 5, 5, 5, 3, 3],
];
const prefixes = [3, 1];
const mask = [
  [0, 0, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 0],
];
const filled = 3;
const pastMask = [
  [0, 1, 1, 0, 0],
  [1, 1, 1, 0, 0],
];
const counting = (count: number): tensor.Value =>
  integers(
    Array.from({ length: count }, (_, i) => i),
    [1, count],
  );

const sights: readonly Sight[] = [
  { name: "causal", tokens: 5, options: { isCausal: true }, sees: (_, i, j) => j <= i },
  {
    name: "causal, more keys than queries",
    tokens: 3,
    keys: 5,
    options: { isCausal: true },
    sees: (_, i, j) => j <= i + 2,
  },
  {
    name: "Mistral's window of 3: a token and two behind it",
    tokens: 6,
    options: { isCausal: true, window: 3 },
    sees: (_, i, j) => j <= i && j > i - 3,
  },
  {
    name: "ModernBERT's local attention of 4: two on each side",
    tokens: 6,
    options: { isCausal: false, window: 4 / 2 + 1 },
    sees: (_, i, j) => Math.abs(i - j) <= 2,
  },
  {
    name: "a window and the first two tokens",
    tokens: 6,
    options: {
      isCausal: true,
      window: 2,
      sinkTokens: 2,
      positions: { queries: counting(6), keys: counting(6) },
    },
    sees: (_, i, j) => j <= i && (j > i - 2 || j < 2),
  },
  {
    name: "a prefix",
    tokens: 5,
    options: { isCausal: true, prefixLengths: integers(prefixes, [batch]) },
    sees: (b, i, j) => j <= i || j < prefixes[b]!,
  },
  {
    name: "packed texts",
    tokens: 6,
    options: { isCausal: true, sequenceIds: integers(sequences.flat(), [batch, 6]) },
    sees: (b, i, j) => j <= i && sequences[b]![i] === sequences[b]![j],
  },
  {
    name: "padding: a row with nothing to see is zero",
    tokens: 6,
    options: { isCausal: true, keyMask: integers(mask.flat(), [batch, 6], "bool") },
    sees: (b, i, j) => j <= i && mask[b]![j] === 1,
  },
  {
    name: "queries that are masked",
    tokens: 6,
    options: { queryMask: integers(mask.flat(), [batch, 6], "bool") },
    sees: (b, i) => mask[b]![i] === 1,
  },
  {
    name: "ModernBERT's padding: a row with nothing to see is the mean of all values",
    tokens: 6,
    options: {
      window: 2,
      keyMask: integers(mask.flat(), [batch, 6], "bool"),
      blindRows: "mean",
    },
    sees: (b, i, j) => Math.abs(i - j) < 2 && mask[b]![j] === 1,
    readsMean: true,
  },
  {
    name: "DeBERTa's padding: its queries read the mean of all values",
    tokens: 6,
    options: {
      keyMask: integers(mask.flat(), [batch, 6], "bool"),
      queryMask: integers(mask.flat(), [batch, 6], "bool"),
      blindRows: "mean",
    },
    sees: (b, i, j) => mask[b]![i] === 1 && mask[b]![j] === 1,
    readsMean: true,
  },
  {
    name: "sinks",
    tokens: 4,
    options: {
      isCausal: true,
      sinks: tensor.constant([0.5, -1, 2, 0], [1, heads, groups, 1, 1]),
    },
    sees: (_, i, j) => j <= i,
    sink: (head) => [0.5, -1, 2, 0][head]!,
  },
  {
    name: "sinks and padding",
    tokens: 6,
    options: {
      isCausal: true,
      keyMask: integers(mask.flat(), [batch, 6], "bool"),
      sinks: tensor.constant([0.5, -1, 2, 0], [1, heads, groups, 1, 1]),
    },
    sees: (b, i, j) => j <= i && mask[b]![j] === 1,
    sink: (head) => [0.5, -1, 2, 0][head]!,
  },
  {
    name: "bounded scores",
    tokens: 4,
    options: { isCausal: true, softCap: 0.3 },
    sees: (_, i, j) => j <= i,
    softCap: 0.3,
  },
  {
    name: "a past",
    tokens: 2,
    options: { isCausal: true },
    past: 5,
    sees: (b, i, j) => (j < 5 ? pastMask[b]![j] === 1 : j - 5 <= i),
  },
  {
    name: "a past and a window",
    tokens: 2,
    options: { isCausal: true, window: 3 },
    past: 5,
    sees: (b, i, j) =>
      j < 5 ? pastMask[b]![j] === 1 && j > filled + i - 3 : j - 5 <= i && j - 5 > i - 3,
  },
  {
    name: "a past and a prefix that ends among the new tokens",
    tokens: 3,
    options: { isCausal: true, prefixLengths: integers([5, 4], [batch]) },
    past: 5,
    sees: (b, i, j) => (j < 5 ? pastMask[b]![j] === 1 : j - 5 <= i || filled + j - 5 < [5, 4][b]!),
  },
  {
    name: "a past and no causal mask",
    tokens: 3,
    options: { isCausal: false },
    past: 5,
    sees: (b, _, j) => j >= 5 || pastMask[b]![j] === 1,
  },
];

function draw(name: string, shape: readonly number[]): NDArray {
  const stream = random(2, name);
  const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
    stream.normal(),
  );
  return { data, shape };
}

interface Feeds {
  readonly q: NDArray;
  readonly k: NDArray;
  readonly v: NDArray;
  readonly pastKeys: NDArray;
  readonly pastValues: NDArray;
}

/** One pair at a time. */
function expected(
  { tokens, keys = tokens, sees, sink, softCap, past = 0, readsMean }: Sight,
  feeds: Feeds,
) {
  const { q, k, v, pastKeys, pastValues } = feeds;
  const row = ({ data, shape }: NDArray, b: number, head: number, place: number): Float64Array => {
    const start = ((b * (shape[1]! * shape[2]!) + head) * shape[3]! + place) * width;
    return data.subarray(start, start + width);
  };
  const result: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < heads * groups; head++) {
      const keyHead = Math.floor(head / groups);
      for (let i = 0; i < tokens; i++) {
        let total = sink ? Math.exp(sink(head)) : 0;
        const sum = [0, 0, 0];
        for (let j = 0; j < past + keys; j++) {
          if (!sees(b, i, j)) continue;
          const [from, values, place] = j < past ? [pastKeys, pastValues, j] : [k, v, j - past];
          const query = row(q, b, head, i);
          let score = row(from, b, keyHead, place).reduce((s, x, c) => s + x * query[c]! * 0.7, 0);
          if (softCap !== undefined) score = softCap * Math.tanh(score / softCap);
          total += Math.exp(score);
          row(values, b, keyHead, place).forEach((x, c) => (sum[c]! += Math.exp(score) * x));
        }
        if (total === 0 && readsMean) {
          for (let j = 0; j < keys; j++) row(v, b, keyHead, j).forEach((x, c) => (sum[c]! += x));
          total = keys;
        }
        result.push(...sum.map((x) => (total === 0 ? 0 : x / total)));
      }
    }
  }
  return result;
}

describe("what queries see", () => {
  it.each(sights)("$name", (sight) => {
    const { tokens, keys = tokens, options, past } = sight;
    const feeds: Feeds = {
      q: draw("q", [batch, heads, groups, tokens, width]),
      k: draw("k", [batch, heads, 1, keys, width]),
      v: draw("v", [batch, heads, 1, keys, width]),
      pastKeys: draw("past k", [batch, heads, 1, 5, width]),
      pastValues: draw("past v", [batch, heads, 1, 5, width]),
    };
    const at = (name: keyof Feeds) => tensor.input(name, feeds[name].shape);
    const y = tensor.attention({
      queries: at("q"),
      keys: at("k"),
      values: at("v"),
      scale: 0.7,
      isCausal: false,
      name: "attention",
      ...options,
      ...(past !== undefined && {
        past: {
          keys: at("pastKeys"),
          values: at("pastValues"),
          mask: integers(pastMask.flat(), [batch, 5], "bool"),
          positions: tensor.expand(counting(5), [batch, 5]),
          length: integers([filled], [1]),
        },
      }),
    });
    const { data } = tensor.interpret({ y }, { ...feeds })["y"]!;
    expected(sight, feeds).forEach((x, i) => expect(data[i]).toBeCloseTo(x, 10));
  });
});

describe("attention refuses", () => {
  const value = (name: string, tokens: number, channels = width): tensor.Value =>
    tensor.input(name, [1, 1, 1, tokens, channels]);
  const common = { scale: 1, name: "layer" };
  it.each<[string, AttentionOptions]>([
    [
      "queries of other width than keys",
      {
        ...common,
        queries: value("q", 2, 4),
        keys: value("k", 2),
        values: value("v", 2),
        isCausal: true,
      },
    ],
    [
      "more queries than keys under a causal mask",
      {
        ...common,
        queries: value("q", 3),
        keys: value("k", 2),
        values: value("v", 2),
        isCausal: true,
      },
    ],
    [
      "packed texts with other keys than queries",
      {
        ...common,
        queries: value("q", 2),
        keys: value("k", 3),
        values: value("v", 3),
        isCausal: true,
        sequenceIds: tensor.input("sequences", [1, 3], "int32"),
      },
    ],
  ])("%s", (_, options) => {
    expect(() => tensor.attention(options)).toThrow(/layer: /);
  });
});

it.each(["scores", "probabilities"])("shows %s by name, with sinks and a past too", (what) => {
  const at = (name: string, tokens: number) => tensor.input(name, [1, 1, 1, tokens, width]);
  const y = tensor.attention({
    queries: at("q", 2),
    keys: at("k", 2),
    values: at("v", 2),
    scale: 1,
    isCausal: true,
    sinks: tensor.constant([0], [1, 1, 1, 1, 1]),
    past: {
      keys: at("pk", 4),
      values: at("pv", 4),
      mask: tensor.input("mask", [1, 4], "bool"),
      positions: tensor.input("positions", [1, 4], "int32"),
      length: tensor.input("length", [1], "int32"),
    },
    name: "layer",
  });
  const { captured } = tensor.captureValues({ y }, [`layer.${what}`]);
  expect(captured[`layer.${what}`]!.shape).toEqual([1, 1, 1, 2, 6]);
});
