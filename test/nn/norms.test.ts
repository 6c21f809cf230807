import { readFileSync } from "node:fs";
import { floats, nativeRuntime } from "orrery-lm/runtime";
import { LayerNorm, PerHeadNorm, RMSNorm, type Norm } from "orrery-lm/nn";
import { compile, constant, input, interpret, vectorJacobian } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import { tokenPartContract } from "../contracts/token-part.ts";

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

interface NormGolden {
  x: number[];
  upstream: number[];
  learned: number[][];
  y: number[];
  dx: number[];
  dLearned: number[][];
}

const goldens = JSON.parse(
  readFileSync(new URL("../../goldens/nn/norms.json", import.meta.url), "utf8"),
) as Record<string, NormGolden>;
const six = { size: 6, eps: 0.1 };
const outside = { ...six, epsPlace: "outside" } as const;
const byGolden: [string, Norm][] = [
  ["layer", new LayerNorm(six)],
  ["layer without a bias", new LayerNorm({ ...six, hasBias: false })],
  ["layer without parameters", new LayerNorm({ ...six, gain: "none", hasBias: false })],
  ["layer with an offset", new LayerNorm({ ...six, gain: "offset" })],
  ["rms", new RMSNorm(six)],
  ["rms without parameters", new RMSNorm({ ...six, gain: "none" })],
  ["rms with an offset", new RMSNorm({ ...six, gain: "offset" })],
  ["rms, eps outside", new RMSNorm(outside)],
  ["rms of two channels", new RMSNorm({ ...outside, measured: 2 })],
];

describe.each(byGolden)("%s", (name, norm) => {
  const golden = goldens[name]!;
  const exactly = (values: readonly number[]): unknown[] =>
    values.map((x) => expect.closeTo(x, 11) as unknown);

  it("is the reference's, forward and backward", () => {
    const x = constant(golden.x, [3, 6]);
    const names = Object.keys(norm.parameters());
    const learned = golden.learned.map((data) => constant(data, [6]));
    expect(names.length).toBe(learned.length);
    const y = norm.apply((parameter) => learned[names.indexOf(parameter)]!, x);
    const [dx, ...dLearned] = vectorJacobian(y, constant(golden.upstream, [3, 6]), [x, ...learned]);
    const result = interpret(
      { y, dx: dx!, ...Object.fromEntries(dLearned.map((d, i) => [i, d])) },
      {},
    );
    expect(Array.from(result.y.data)).toEqual(exactly(golden.y));
    expect(Array.from(result.dx.data)).toEqual(exactly(golden.dx));
    golden.dLearned.forEach((d, i) => {
      expect(Array.from((result as Record<string, typeof result.y>)[i]!.data)).toEqual(exactly(d));
    });
  });

  tokenPartContract({ channels: 6, parameters: norm.parameters(), apply: norm.apply.bind(norm) });
});

describe("RMSNorm that measures some channels, or adds eps outside", () => {
  it("leaves rows of zeros alone, and gives them a finite slope", () => {
    const x = constant([0, 0, 0, 0], [1, 4]);
    const norm = new RMSNorm({ size: 4, eps: 1e-8, epsPlace: "outside", gain: "none" });
    const y = norm.apply(() => x, x);
    const [dx] = vectorJacobian(y, constant([1, 2, 3, 4], [1, 4]), [x]);
    const result = interpret({ y, dx: dx! }, {});
    expect(Array.from(result.y.data)).toEqual([0, 0, 0, 0]);
    expect(Array.from(result.dx.data, (d) => d * 1e-8)).toEqual(
      [1, 2, 3, 4].map((d) => expect.closeTo(d, 6) as unknown),
    );
  });

  it("measures the first channels inside the root, too", () => {
    const norm = new RMSNorm({ size: 4, eps: 7, measured: 2 });
    expect(apply(norm, [[1, 1, 8, -8]])).toEqual(
      close([[1, 1, 8, -8]].map((r) => r.map((x) => x / Math.sqrt(8)))),
    );
  });

  it.each([
    [{ measured: 2 }, "pRMSNorm", "x / √(mean(x²) + eps) · gain"],
    [{ epsPlace: "outside" }, "RMSNorm", "x / (√mean(x²) + eps) · gain"],
  ] as const)("says so: %o", (options, name, formula) => {
    const norm = new RMSNorm({ size: 4, eps: 1e-6, ...options });
    expect(norm.describe()).toMatchObject({ name, formula });
  });

  it.each([0, 5, NaN])("refuses to measure %d of four", (measured) => {
    expect(() => new RMSNorm({ size: 4, eps: 1e-6, measured })).toThrow(
      /from 1 to 4 measured channels/,
    );
  });
});

it("LayerNorm gives its bias for equal channels, in float32 with BERT's epsilon", async () => {
  const norm = new LayerNorm({ size: 4, eps: 1e-12 });
  const x = input("x", [1, 4]);
  const y = norm.apply((name) => constant(name === "bias" ? BIAS : GAIN, [4]), x);
  const session = await (await nativeRuntime({ threads: 1 })).open(compile({ y }, {}));
  const result = await session.run({ x: floats(Float32Array.of(3e4, 3e4, 3e4, 3e4), [1, 4]) });
  await session.release();
  expect(Array.from(result["y"]!.data)).toEqual(BIAS.map((b) => Math.fround(b)));
});

it("LayerNorm passes back nothing along what it takes away", () => {
  const x = constant(X[0]!, [1, 4]);
  const y = layer.apply((name) => constant(name === "bias" ? [0, 0, 0, 0] : [1, 1, 1, 1], [4]), x);
  const [dx] = vectorJacobian(y, constant([0.3, -2, 5, 1], [1, 4]), [x]);
  const d = Array.from(interpret({ dx: dx! }, {}).dx.data);
  const [normalized] = apply(layer, [X[0]!]);
  expect(d.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
  expect(d.reduce((sum, v, i) => sum + v * normalized![i]!, 0)).toBeCloseTo(0, 12);
});

it("RMSNorm is LayerNorm where the mean is 0", () => {
  const rows = [[1, -4, 2.5, 0.5]];
  expect(apply(rms, rows)).toEqual(close(apply(layer, rows)));
});
