import { GatedMLP, MLP, activate, activationNames, type Activation, type FFN } from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const sizes = { hiddenSize: 2, intermediateSize: 3, std: 0.02, outputStd: 0.01 } as const;

// Worked out from the definitions: erf(1/√2), the published tanh formula, the logistic function.
it.each<[Activation, number, number]>([
  ["gelu", 0.8413447460685429, -0.15865525393145707],
  ["gelu_new", 0.8411919906082768, -0.15880800939172324],
  ["gelu_pytorch_tanh", 0.8411919906082768, -0.15880800939172324],
  ["relu", 1, 0],
  ["silu", 0.7310585786300049, -0.2689414213699951],
  ["swish", 0.7310585786300049, -0.2689414213699951],
])("%s of 1 and of -1", (name, atOne, atMinusOne) => {
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
