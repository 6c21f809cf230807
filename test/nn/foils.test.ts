import {
  DeepNormMlpFoil,
  LayerNorm,
  RMSNorm,
  batchNormFoil,
  batchStatistics,
  movingStatistics,
  weightNormFoil,
  type Norm,
} from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

type Rows = readonly (readonly number[])[];

const WEIGHTS: Rows = [
  [0.4, -1.1, 0.7],
  [1.3, 0.2, -0.5],
  [-0.6, 0.9, 1.7],
  [0.8, -0.3, 0.1],
];
const DATA: Rows = [
  [1.2, -0.4, 2.2],
  [-0.7, 1.9, 0.3],
  [0.5, 0.8, -1.6],
  [2.1, -1.3, 0.9],
  [-1.4, 0.6, 1.1],
];

const through = (weights: Rows, data: Rows): number[][] =>
  data.map((x) => weights.map((row) => row.reduce((sum, w, i) => sum + w * x[i]!, 0)));
const map = (rows: Rows, change: (x: number, row: number) => number): number[][] =>
  rows.map((row, i) => row.map((x) => change(x, i)));

/** A layer of each kind: weights, then a norm; eps is 0. */
const part =
  (norm: Norm) =>
  (weights: Rows, data: Rows): number[][] => {
    const sums = through(weights, data);
    const x = constant(sums.flat(), [sums.length, 4]);
    const { y } = interpret({ y: norm.apply(() => x, x) }, {});
    return sums.map((_, i) => Array.from(y.data.slice(4 * i, 4 * i + 4)));
  };
const bare = { size: 4, eps: 0, gain: "none" } as const;
const layers = {
  BatchNorm: (weights: Rows, data: Rows) =>
    batchNormFoil(through(weights, data), 0).map((row) => [...row]),
  WeightNorm: (weights: Rows, data: Rows) =>
    through(
      weightNormFoil(weights, [1, 1, 1, 1]).map((row) => [...row]),
      data,
    ),
  LayerNorm: part(new LayerNorm({ ...bare, hasBias: false })),
  RMSNorm: part(new RMSNorm(bare)),
  pRMSNorm: part(new RMSNorm({ ...bare, epsPlace: "outside", measured: 2 })),
};

/** What may be changed, and what it leaves unchanged in a layer's first row. */
const changes = {
  "a factor for all weights": (): [Rows, Rows] => [map(WEIGHTS, (w) => 3 * w), DATA],
  "the same row added to all rows of weights": (): [Rows, Rows] => [
    WEIGHTS.map((row) => row.map((w, i) => w + [0.5, -0.2, 0.9][i]!)),
    DATA,
  ],
  "a factor for one row of weights": (): [Rows, Rows] => [
    map(WEIGHTS, (w, i) => (i === 1 ? 3 * w : w)),
    DATA,
  ],
  "a factor for all data": (): [Rows, Rows] => [WEIGHTS, map(DATA, (x) => 3 * x)],
  "a shift of all data": (): [Rows, Rows] => [WEIGHTS, map(DATA, (x) => x + 3)],
  "a factor for one example": (): [Rows, Rows] => [
    WEIGHTS,
    map(DATA, (x, i) => (i === 0 ? 3 * x : x)),
  ],
};

// Zhang & Sennrich 2019, Table 1: in the order of `changes`.
describe.each<[keyof typeof layers, boolean[]]>([
  ["BatchNorm", [true, false, true, true, true, false]],
  ["WeightNorm", [true, false, true, false, false, false]],
  ["LayerNorm", [true, true, false, true, false, true]],
  ["RMSNorm", [true, false, false, true, false, true]],
  ["pRMSNorm", [true, false, false, true, false, true]],
])("%s", (name, invariances) => {
  it.each(Object.entries(changes).map(([change, of], i) => [change, of, invariances[i]!] as const))(
    "by %s",
    (_, change, isInvariant) => {
      const layer = layers[name];
      const [before] = layer(WEIGHTS, DATA);
      const [after] = layer(...change());
      const moved = Math.max(...before!.map((x, i) => Math.abs(x - after![i]!)));
      expect(moved < 1e-9).toBe(isInvariant);
    },
  );
});

describe("batchNormFoil", () => {
  it("sees the rows beside a row, and in use those of training", () => {
    const [alone] = batchNormFoil(DATA, 1e-5);
    const [beside] = batchNormFoil([DATA[0]!, ...map(DATA.slice(1), (x) => 2 * x)], 1e-5);
    expect(beside).not.toEqual(alone);
    const kept = batchStatistics(DATA);
    expect(batchNormFoil([DATA[0]!], 1e-5, kept)).toEqual([alone]);
  });

  it("keeps averages as PyTorch does", () => {
    // torch.nn.BatchNorm1d after one batch of 1 and 5: mean 0.1·3, variance 0.9 + 0.1·8.
    const start = { mean: Float64Array.of(0), variance: Float64Array.of(1) };
    const moved = movingStatistics(start, batchStatistics([[1], [5]]), { count: 2 });
    expect(moved.mean[0]).toBeCloseTo(0.3, 12);
    expect(moved.variance[0]).toBeCloseTo(1.7, 12);
  });
});

it("DeepNormMlpFoil has neither a residual nor coefficients", () => {
  const foil = new DeepNormMlpFoil({ inputSize: 3, hiddenSizes: [4, 2], outputSize: 5, std: 0.1 });
  const specs = foil.parameters();
  expect(Object.entries(specs).map(([name, { shape }]) => [name, ...shape])).toEqual([
    ["layers.0.linear.weight", 4, 3],
    ["layers.0.linear.bias", 4],
    ["layers.0.norm.weight", 4],
    ["layers.0.norm.bias", 4],
    ["layers.1.linear.weight", 2, 4],
    ["layers.1.linear.bias", 2],
    ["layers.1.norm.weight", 2],
    ["layers.1.norm.bias", 2],
    ["output.weight", 5, 2],
    ["output.bias", 5],
  ]);
  const lookup = (name: string, isLast = name.startsWith("output.b")) => {
    const { shape, init } = specs[name]!;
    const size = shape.reduce((a, b) => a * b, 1);
    const start = isLast ? 7 : init.type === "ones" ? 1 : 0;
    return constant(
      Array.from({ length: size }, () => start),
      shape,
    );
  };
  // With weights of 0 nothing of the input is left: a residual would keep it.
  const y = foil.apply((name) => lookup(name), constant([1, 2, 3], [1, 3]));
  expect(Array.from(interpret({ y }, {}).y.data)).toEqual([7, 7, 7, 7, 7]);
});
