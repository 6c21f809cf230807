import {
  GatedMLP,
  LearnedSwish,
  MLP,
  clampedSwiglu,
  equalGatedWidth,
  ffnCost,
  gatedWidth,
  learnedXielu,
  selfGatedFoil,
  activationCurves,
  type Activation,
  type FFN,
} from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import { tokenPartContract } from "../contracts/token-part.ts";

const sizes = { hiddenSize: 2, intermediateSize: 3, std: 0.02, outputStd: 0.01 } as const;

it("bounds what passes the gate in gpt-oss's way", () => {
  const inner = clampedSwiglu(7)(constant([1, 20, -20, 1], [4]), constant([0, 9, -9, -1], [4]));
  const { data } = interpret({ inner }, {}).inner;
  const swish = (x: number): number => x / (1 + Math.exp(-1.702 * x));
  expect(Array.from(data)).toEqual(
    [swish(1), 8 * swish(7), -6 * swish(-20), 0].map((x) => expect.closeTo(x, 12) as unknown),
  );
});

describe.each<[string, (hasBias: boolean) => FFN, string[]]>([
  [
    "MLP",
    (hasBias) => new MLP({ ...sizes, activation: "relu", hasBias }),
    ["up.weight", "up.bias", "down.weight", "down.bias"],
  ],
  [
    "GatedMLP",
    (hasBias) => new GatedMLP({ ...sizes, activation: "relu", hasBias }),
    ["gate.weight", "gate.bias", "up.weight", "up.bias", "down.weight", "down.bias"],
  ],
])("%s", (_, create, names) => {
  it("declares its parameters", () => {
    const specs = create(true).parameters();
    expect(Object.keys(specs)).toEqual(names);
    for (const [name, spec] of Object.entries(specs)) {
      const isDown = name.startsWith("down");
      const [rows, columns] = isDown ? [2, 3] : [3, 2];
      const std = isDown ? 0.01 : 0.02;
      const isBias = name.endsWith("bias");
      expect(spec, name).toEqual({
        shape: isBias ? [rows] : [rows, columns],
        init: isBias ? { type: "zeros" } : { type: "normal", std },
        decay: !isBias,
      });
    }
    expect(Object.keys(create(false).parameters())).toEqual(
      names.filter((name) => name.endsWith("weight")),
    );
  });

  it("treats each token on its own and keeps the shape", () => {
    const one = apply(create(false), [[1, 2]]);
    expect(
      apply(create(false), [
        [5, -1],
        [1, 2],
      ])[1],
    ).toEqual(one[0]);
    expect(one[0]!.length).toBe(2);
  });
});

const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  "gate.weight": [1, 0, 0, -1, 1, 1],
  "gate.bias": [0, 10, 0],
  "up.weight": [1, 1, 2, 0, 0, -1],
  "up.bias": [0, 0, 1],
  "down.weight": [1, 1, 1, 0, 2, -1],
  "down.bias": [100, 200],
};

function apply(ffn: FFN, x: number[][]): number[][] {
  const specs = ffn.parameters();
  const value = ffn.apply(
    (name) => constant(NUMBERS[name]!, specs[name]!.shape),
    constant(x.flat(), [1, x.length, 2]),
    "ffn",
  );
  const { data, shape } = interpret({ value }, {}).value;
  expect(shape).toEqual([1, x.length, 2]);
  return x.map((_, i) => Array.from(data.slice(2 * i, 2 * i + 2)));
}

// By hand for x = (3, 2): up = (5, 6, -2), with the bias (5, 6, -1); gate = (3, -2, 5), (3, 8, 5).
it.each<[string, FFN, number[]]>([
  ["MLP", new MLP({ ...sizes, activation: "relu", hasBias: false }), [11, 12]],
  ["MLP with biases", new MLP({ ...sizes, activation: "relu", hasBias: true }), [111, 212]],
  // inner = (15, 0, -10)
  ["GatedMLP", new GatedMLP({ ...sizes, activation: "relu", hasBias: false }), [5, 10]],
  // inner = (15, 48, -5)
  [
    "GatedMLP with biases",
    new GatedMLP({ ...sizes, activation: "relu", hasBias: true }),
    [158, 301],
  ],
])("%s computes its formula", (_, ffn, want) => {
  expect(apply(ffn, [[3, 2]])[0]).toEqual(want);
});

const contractSizes = { hiddenSize: 6, intermediateSize: 8, std: 0.02, outputStd: 0.01 };
const gates: [string, Activation][] = [
  ["GLU", "sigmoid"],
  ["bilinear", "linear"],
  ["ReGLU", "relu"],
  ["GEGLU", "gelu"],
  ["GEGLU by tanh", "gelu_new"],
  ["SwiGLU", "silu"],
];
const ffns: [string, FFN][] = [
  ["MLP of GELU", new MLP({ ...contractSizes, activation: "gelu", hasBias: true })],
  ["MLP of squared ReLU", new MLP({ ...contractSizes, activation: "relu2", hasBias: false })],
  [
    "MLP of a learned Swish",
    new MLP({ ...contractSizes, activation: new LearnedSwish(8), hasBias: true }),
  ],
  ["MLP of xIELU", new MLP({ ...contractSizes, activation: learnedXielu, hasBias: false })],
  ...gates.map(([name, activation]): [string, FFN] => [
    name,
    new GatedMLP({ ...contractSizes, activation, hasBias: false }),
  ]),
  ["GLU with biases", new GatedMLP({ ...contractSizes, activation: "sigmoid", hasBias: true })],
  [
    "gate of a learned Swish",
    new GatedMLP({ ...contractSizes, activation: new LearnedSwish(8), hasBias: true }),
  ],
  [
    "clamped SwiGLU",
    new GatedMLP({ ...contractSizes, activation: clampedSwiglu(2), hasBias: true }),
  ],
];

describe.each(ffns)("%s", (name, ffn) => {
  tokenPartContract({
    channels: 6,
    parameters: ffn.parameters(),
    apply: (lookup, x) => ffn.apply(lookup, x, name),
  });
});

describe("the width of a gated network", () => {
  // Widths of Llama's configurations.
  it.each([
    [4096, {}, 11008],
    [5120, {}, 13824],
    [8192, { multiplier: 1.3, multipleOf: 4096 }, 28672],
    [4096, { multiplier: 1.3, multipleOf: 1024 }, 14336],
  ])("of %i channels with %o is %i", (channels, options, width) => {
    expect(gatedWidth(channels, options)).toBe(width);
  });

  it("is two thirds at equal parameters", () => {
    const cost = (isGated: boolean, intermediateSize: number) =>
      ffnCost({ hiddenSize: 768, intermediateSize, isGated, hasBias: false });
    expect(equalGatedWidth(3072)).toBe(2048);
    expect(cost(true, 2048)).toEqual(cost(false, 3072));
    expect(cost(false, 3072)).toEqual({ parameters: 8 * 768 * 768, flopsPerToken: 16 * 768 * 768 });
  });

  it.each([
    [false, true],
    [true, true],
    [true, false],
  ])("counts what a network declares (gated: %s, biases: %s)", (isGated, hasBias) => {
    const options = { ...contractSizes, activation: "relu", hasBias } as const;
    const ffn = isGated ? new GatedMLP(options) : new MLP(options);
    const declared = Object.values(ffn.parameters()).reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    expect(ffnCost({ ...contractSizes, isGated, hasBias }).parameters).toBe(declared);
  });
});

describe("selfGatedFoil", () => {
  const x = [1.5, -0.5];
  const w = [
    [0.3, -1],
    [2, 0.7],
  ];
  const identity = [1, 0, 0, 1];
  const gated = (activation: Activation, up: number[]): number[] => {
    const numbers: Record<string, number[]> = { gate: w.flat(), up, down: identity };
    const ffn = new GatedMLP({ ...sizes, intermediateSize: 2, activation, hasBias: false });
    const value = ffn.apply(
      (name) => constant(numbers[name.split(".")[0]!]!, [2, 2]),
      constant(x, [1, 2]),
    );
    return Array.from(interpret({ value }, {}).value.data);
  };

  it.each<Activation>(["sigmoid", "gelu_new"])(
    "is a gated network of %s whose other matrices do nothing",
    (name) => {
      const foil = Array.from(selfGatedFoil(x, w, activationCurves[name]));
      expect(gated(name, identity)).toEqual(foil.map((y) => expect.closeTo(y, 12) as unknown));
      expect(gated(name, [1, 0, 0, 2])).not.toEqual(foil);
    },
  );

  it("is GLU and not SwiGLU", () => {
    const foil = Array.from(selfGatedFoil(x, w, activationCurves.sigmoid));
    expect(gated("silu", identity).every((y, i) => Math.abs(y - foil[i]!) > 0.01)).toBe(true);
  });
});
