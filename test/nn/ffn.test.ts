import {
  GatedMLP,
  MLP,
  activate,
  activationNames,
  clampedSwiglu,
  type Activation,
  type FFN,
} from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const sizes = { hiddenSize: 2, intermediateSize: 3, std: 0.02, outputStd: 0.01 } as const;

// Worked out from the definitions: erf(1/√2), the published tanh formula, the logistic function.
// Of mish, laplace, hardswish: PyTorch in float64.
const activationsAtOne: [Activation, number, number][] = [
  ["gelu", 0.8413447460685429, -0.15865525393145707],
  ["gelu_10", 0.8413447460685429, -0.15865525393145707],
  ["gelu_accurate", 0.8411919906082768, -0.15880800939172324],
  ["gelu_fast", 0.8411919906082768, -0.15880800939172324],
  ["gelu_new", 0.8411919906082768, -0.15880800939172324],
  ["gelu_python", 0.8413447460685429, -0.15865525393145707],
  ["gelu_python_tanh", 0.8411919906082768, -0.15880800939172324],
  ["gelu_pytorch_tanh", 0.8411919906082768, -0.15880800939172324],
  ["hardswish", 2 / 3, -1 / 3],
  ["laplace", 0.8504296492845703, 7.173726057629892e-10],
  ["leaky_relu", 1, -0.01],
  ["linear", 1, -1],
  ["mish", 0.8650983882673103, -0.30340146137410895],
  ["quick_gelu", 0.8457957659328212, -0.1542042340671787],
  ["relu", 1, 0],
  ["relu2", 1, 0],
  ["relu6", 1, 0],
  ["sigmoid", 0.7310585786300049, 0.2689414213699951],
  ["silu", 0.7310585786300049, -0.2689414213699951],
  ["swish", 0.7310585786300049, -0.2689414213699951],
  ["tanh", Math.tanh(1), Math.tanh(-1)],
];

it("has a row for each activation", () => {
  expect(activationsAtOne.map(([name]) => name)).toEqual(activationNames);
});

it.each<[Activation, number]>([
  ["gelu_10", 10],
  ["relu2", 144],
  ["relu6", 6],
  ["hardswish", 12],
  ["mish", 12],
])("%s of 12", (name, want) => {
  const { data } = interpret({ y: activate(name, constant([12], [1])) }, {}).y;
  expect(data[0]).toBeCloseTo(want, 8);
});

it("bounds what passes the gate in gpt-oss's way", () => {
  const inner = clampedSwiglu(7)(constant([1, 20, -20, 1], [4]), constant([0, 9, -9, -1], [4]));
  const { data } = interpret({ inner }, {}).inner;
  const swish = (x: number): number => x / (1 + Math.exp(-1.702 * x));
  expect(Array.from(data)).toEqual(
    [swish(1), 8 * swish(7), -6 * swish(-20), 0].map((x) => expect.closeTo(x, 12) as unknown),
  );
});

it.each(activationsAtOne)("%s of 1 and of -1", (name, atOne, atMinusOne) => {
  const { data } = interpret({ y: activate(name, constant([1, -1], [2])) }, {}).y;
  expect(data[0]).toBeCloseTo(atOne, 12);
  expect(data[1]).toBeCloseTo(atMinusOne, 12);
  expect(activationNames).toContain(name);
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
