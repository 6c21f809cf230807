import {
  branchNorm,
  deepNorm,
  deepNormCoefficients,
  glmDeepNorm,
  glmDeepNormCoefficients,
  normedStream,
  parallelNorm,
  parallelNorms,
  postNorm,
  preNorm,
  sandwichNorm,
  type Branch,
  type ResidualTopology,
} from "orrery-lm/nn";
import { constant, interpret, multiply, add, scalar } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

// Affine stand-ins, so that every order of them gives another number.
const branch = (norm: number, sublayer: number, outputNorm: number): Branch => ({
  norm: (x) => multiply(x, scalar(norm)),
  sublayer: (x) => add(multiply(x, scalar(sublayer)), scalar(1)),
  outputNorm: (y) => multiply(y, scalar(outputNorm)),
});
const [n1, f1, o1] = [3, 5, 7];
const [n2, f2, o2] = [11, 13, 17];
const branches = [branch(n1, f1, o1), branch(n2, f2, o2)];

/** Applies an update for each branch in turn, to a stream that starts at 2. */
const inTurn = (update: (x: number, n: number, f: (x: number) => number, o: number) => number) =>
  update(
    update(2, n1, (x) => f1 * x + 1, o1),
    n2,
    (x) => f2 * x + 1,
    o2,
  );

it.each<[string, ResidualTopology, number]>([
  ["preNorm: x + f(n(x))", preNorm, inTurn((x, n, f) => x + f(n * x))],
  ["postNorm: n(x + f(x))", postNorm, inTurn((x, n, f) => n * (x + f(x)))],
  ["sandwichNorm: x + o(f(n(x)))", sandwichNorm, inTurn((x, n, f, o) => x + o * f(n * x))],
  ["branchNorm: x + o(f(x))", branchNorm, inTurn((x, _, f, o) => x + o * f(x))],
  ["normedStream: n(x) + f(n(x))", normedStream, inTurn((x, n, f) => n * x + f(n * x))],
  ["deepNorm: n(αx + f(x))", deepNorm(1.5), inTurn((x, n, f) => n * (1.5 * x + f(x)))],
  ["deepNorm with α = 1: n(x + f(x))", deepNorm(1), inTurn((x, n, f) => n * (x + f(x)))],
  [
    "T7 glmDeepNorm: α·n(x) + f(n(x))",
    glmDeepNorm(1.5),
    inTurn((x, n, f) => 1.5 * n * x + f(n * x)),
  ],
  ["parallelNorms: x + Σ f(n(x))", parallelNorms, 2 + (f1 * n1 * 2 + 1) + (f2 * n2 * 2 + 1)],
  [
    "parallelNorm: x + Σ f(h), h = n(x) by the first norm",
    parallelNorm,
    2 + (f1 * n1 * 2 + 1) + (f2 * n1 * 2 + 1),
  ],
])("%s", (_, topology, want) => {
  const y = topology.join(constant([2], [1]), branches);
  expect(interpret({ y }, {}).y.data[0]).toBe(want);
});

describe("deepNormCoefficients", () => {
  // By the paper's table, in float64.
  it.each([
    [{ decoderLayers: 12 }, "decoder", 2.21336, 0.319472],
    [{ decoderLayers: 24 }, "decoder", 2.63215, 0.268642],
    [{ decoderLayers: 100 }, "decoder", 3.7606, 0.18803],
    [{ encoderLayers: 1000 }, "encoder", 6.6874, 0.105737],
    [{ encoderLayers: 6, decoderLayers: 6 }, "encoder", 1.4179, 0.497],
    [{ encoderLayers: 6, decoderLayers: 6 }, "decoder", 2.0598, 0.3433],
  ] as const)("of %o: the %s's", (layers, side, alpha, beta) => {
    const found = deepNormCoefficients(layers)[side]!;
    expect(found.alpha).toBeCloseTo(alpha, 4);
    expect(found.beta).toBeCloseTo(beta, 4);
  });

  it("has coefficients for the stacks that there are", () => {
    expect(Object.keys(deepNormCoefficients({ encoderLayers: 3 }))).toEqual(["encoder"]);
    expect(Object.keys(deepNormCoefficients({ decoderLayers: 3 }))).toEqual(["decoder"]);
    expect(deepNormCoefficients({})).toEqual({});
  });

  it.each([1, 6, 24, 1000])("bounds a first step at %i layers in one stack", (n) => {
    const { alpha, beta } = deepNormCoefficients({ encoderLayers: n }).encoder!;
    expect((4 * n * beta ** 2) / alpha ** 2).toBeCloseTo(1, 12);
  });

  it.each([
    [6, 6],
    [18, 6],
    [2, 100],
  ])("T6 bounds it in an encoder of %i and a decoder of %i, with 0.87 and not 1.15", (n, m) => {
    const { encoder, decoder } = deepNormCoefficients({ encoderLayers: n, decoderLayers: m });
    expect((6 * m * decoder!.beta ** 2) / decoder!.alpha ** 2).toBeCloseTo(1, 12);
    const read = (m * decoder!.beta ** 2) / decoder!.alpha;
    const bound = (beta: number): number => (read * 4 * n * beta ** 2) / encoder!.alpha ** 2;
    expect(bound(encoder!.beta)).toBeCloseTo(1.0122, 4);
    expect(bound((encoder!.beta * 1.15) / 0.87)).toBeCloseTo(1.7685, 4);
  });

  it("is not GLM's", () => {
    const { alpha, beta } = glmDeepNormCoefficients(28);
    expect(alpha).toBeCloseTo(Math.sqrt(56), 12);
    expect(beta).toBeCloseTo(1 / Math.sqrt(56), 12);
  });
});
