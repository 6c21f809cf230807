import { LayerNorm, PerHeadNorm, RMSNorm, type Norm } from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const X = [
  [3, -1, 0.5, 8],
  [-2, -2.5, 1e3, 40],
];
const GAIN = [2, 0.5, -1, 3];
const BIAS = [0.1, -0.2, 5, 0];

/** A norm of four channels with this gain and bias. */
function apply(norm: Norm, x: number[][], gain = [1, 1, 1, 1], bias = [0, 0, 0, 0]): number[][] {
  const value = norm.apply(
    (name) => constant(name === "bias" ? bias : gain, [4]),
    constant(x.flat(), [x.length, 4]),
  );
  const { data } = interpret({ value }, {}).value;
  return x.map((_, i) => Array.from(data.slice(4 * i, 4 * i + 4)));
}

const mean = (row: number[]): number => row.reduce((a, b) => a + b, 0) / row.length;
const meanSquare = (row: number[]): number => mean(row.map((x) => x * x));
const map = (rows: number[][], change: (x: number, i: number) => number): number[][] =>
  rows.map((row) => row.map(change));
const close = (rows: number[][]): number[][] =>
  map(rows, (x) => expect.closeTo(x, 9) as unknown as number);

const layer = new LayerNorm({ size: 4, eps: 1e-14 });
const rms = new RMSNorm({ size: 4, eps: 1e-14 });

describe("LayerNorm", () => {
  it("gives rows of mean 0 and variance 1", () => {
    for (const row of apply(layer, X)) {
      expect(mean(row)).toBeCloseTo(0, 9);
      expect(meanSquare(row)).toBeCloseTo(1, 9);
    }
  });

  it("does not see a shift or a scale", () => {
    expect(
      apply(
        layer,
        map(X, (x) => 7 * x - 3),
      ),
    ).toEqual(close(apply(layer, X)));
  });

  it("applies gain and bias afterwards", () => {
    const want = map(apply(layer, X), (x, i) => x * GAIN[i]! + BIAS[i]!);
    expect(apply(layer, X, GAIN, BIAS)).toEqual(close(want));
  });

  it("adds eps to the variance, inside the root", () => {
    const row = [1, -1, 1, -1];
    const [got] = apply(new LayerNorm({ size: 4, eps: 3 }), [row]);
    expect(got).toEqual(close([row.map((x) => x / 2)])[0]);
  });

  it("has no bias where none is wanted", () => {
    const bare = new LayerNorm({ size: 4, eps: 1e-14, hasBias: false });
    expect(Object.keys(bare.parameters())).toEqual(["weight"]);
    expect(apply(bare, X, GAIN, BIAS)).toEqual(close(map(apply(layer, X), (x, i) => x * GAIN[i]!)));
  });
});

describe("RMSNorm", () => {
  it("gives rows of mean square 1, and keeps their means' signs", () => {
    for (const [i, row] of apply(rms, X).entries()) {
      expect(meanSquare(row)).toBeCloseTo(1, 9);
      expect(Math.sign(mean(row))).toBe(Math.sign(mean(X[i]!)));
    }
  });

  it("does not see a scale, but sees a shift", () => {
    expect(
      apply(
        rms,
        map(X, (x) => 7 * x),
      ),
    ).toEqual(close(apply(rms, X)));
    expect(
      apply(
        rms,
        map(X, (x) => x + 7),
      ),
    ).not.toEqual(close(apply(rms, X)));
  });

  it("applies a gain, and has no bias", () => {
    expect(apply(rms, X, GAIN)).toEqual(close(map(apply(rms, X), (x, i) => x * GAIN[i]!)));
    expect(Object.keys(rms.parameters())).toEqual(["weight"]);
  });

  it("adds eps to the mean square, inside the root", () => {
    expect(apply(new RMSNorm({ size: 4, eps: 3 }), [[1, 1, 1, 1]])).toEqual([[0.5, 0.5, 0.5, 0.5]]);
  });
});

it("PerHeadNorm has gains of its own for each head", () => {
  const part = new PerHeadNorm({ heads: 4, size: 2, eps: 1e-14 });
  expect(part.parameters()["weight"]).toMatchObject({ shape: [4, 2], decay: false });
  const gains = [1, 2, 3, 4, 5, 6, 7, 8];
  const x = constant(
    gains.map((_, i) => i % 2),
    [1, 2, 2, 1, 2],
  );
  const y = part.apply(() => constant(gains, [4, 2]), x);
  expect([...interpret({ y }, {}).y.data]).toEqual(
    gains.map((gain, i) => expect.closeTo(i % 2 === 0 ? -gain : gain, 9) as unknown),
  );
});

const options = { size: 4, eps: 1e-14 };
it.each<[string, Norm, Norm]>([
  ["LayerNorm", layer, new LayerNorm({ ...options, gain: "offset" })],
  ["RMSNorm", rms, new RMSNorm({ ...options, gain: "offset" })],
])("%s adds one to a gain that is stored less one", (_, plain, offset) => {
  const stored = GAIN.map((gain) => gain - 1);
  expect(apply(offset, X, stored)).toEqual(close(apply(plain, X, GAIN)));
  expect(offset.parameters()["weight"]).toMatchObject({ init: { type: "zeros" } });
});

it.each<[string, Norm, Norm]>([
  ["LayerNorm", layer, new LayerNorm({ ...options, gain: "none", hasBias: false })],
  ["RMSNorm", rms, new RMSNorm({ ...options, gain: "none" })],
])("%s without a gain has no parameters", (_, plain, bare) => {
  expect(bare.parameters()).toEqual({});
  expect(apply(bare, X, GAIN)).toEqual(close(apply(plain, X)));
});

it.each<[string, Norm]>([
  ["LayerNorm", layer],
  ["RMSNorm", rms],
])("%s starts with gains of 1, is not decayed, and maps zeros to zeros", (_, norm) => {
  const specs = norm.parameters();
  expect(specs["weight"]).toEqual({ shape: [4], init: { type: "ones" }, decay: false });
  expect(Object.values(specs).every(({ decay }) => !decay)).toBe(true);
  expect(apply(norm, [[0, 0, 0, 0]])).toEqual([[0, 0, 0, 0]]);
});
