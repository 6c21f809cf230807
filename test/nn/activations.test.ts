import { readFileSync } from "node:fs";
import {
  LearnedSwish,
  activate,
  activationCurves,
  activationNames,
  celuCurve,
  geluCurve,
  geluTanhCurve,
  learnedXielu,
  swishBetaDerivative,
  swishCurve,
  xieluCurve,
  type Activation,
  type ActivationCurve,
} from "orrery-lm/nn";
import { constant, interpret, vectorJacobian, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

interface Curve {
  value: number[];
  derivative: number[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../goldens/nn/activations.json", import.meta.url), "utf8"),
) as {
  points: number[];
  curves: Record<string, Curve>;
  celu: Curve & { alpha: number };
  swish: Curve & { beta: number };
  xielu: Curve;
};
const { points } = golden;

const near = (values: readonly number[], digits = 12): unknown[] =>
  values.map((x) => expect.closeTo(x, digits) as unknown);

/** Largest |f| on a grid over [-10, 10]; [the maximum, where]. */
function largest(f: (x: number) => number): [number, number] {
  let best: [number, number] = [0, 0];
  for (let x = -10; x <= 10; x += 1e-4) if (Math.abs(f(x)) > best[0]) best = [Math.abs(f(x)), x];
  return best;
}

it("has a golden for each activation", () => {
  expect(Object.keys(golden.curves).sort()).toEqual([...activationNames].sort());
});

describe.each(activationNames)("%s", (name) => {
  const want = golden.curves[name]!;
  // PyTorch computes a few of these in pieces of its own; squares of 40 leave 1e-12 of 1600.
  const digits = 11;

  it("has the reference's curve and slope", () => {
    expect(points.map((x) => activationCurves[name].value(x))).toEqual(near(want.value, digits));
    expect(points.map((x) => activationCurves[name].derivative(x))).toEqual(
      near(want.derivative, digits),
    );
  });

  it("computes that curve in a program, forward and backward", () => {
    const x = constant(points, [points.length]);
    const y = activate(name, x);
    const [dx] = vectorJacobian(
      y,
      constant(
        points.map(() => 1),
        [points.length],
      ),
      [x],
    );
    const result = interpret({ y, dx: dx! }, {});
    expect(Array.from(result.y.data)).toEqual(near(want.value, digits));
    expect(Array.from(result.dx.data)).toEqual(near(want.derivative, digits));
  });

  it("has limits, and keeps NaN", () => {
    const { value, derivative } = activationCurves[name];
    expect(value(NaN)).toBeNaN();
    for (const x of [-1e4, 1e4, -Infinity, Infinity]) {
      expect(value(x), `at ${x}`).not.toBeNaN();
      expect(derivative(x), `slope at ${x}`).not.toBeNaN();
    }
  });
});

it.each<[string, ActivationCurve, Curve]>([
  ["CELU", celuCurve(golden.celu.alpha), golden.celu],
  ["Swish", swishCurve(golden.swish.beta), golden.swish],
  ["xIELU", xieluCurve(0.8, 0.8), golden.xielu],
])("%s with other constants has the reference's curve and slope", (_, curve, want) => {
  expect(points.map((x) => curve.value(x))).toEqual(near(want.value, 11));
  expect(points.map((x) => curve.derivative(x))).toEqual(near(want.derivative, 11));
});

describe("GELU", () => {
  it.each<[string, ActivationCurve, number, number]>([
    ["tanh", geluTanhCurve, 4.732e-4, 2.699],
    ["quick", activationCurves.quick_gelu, 2.033e-2, 2.27],
  ])("and its form by %s differ most where it is said", (_, form, most, where) => {
    const [error, x] = largest((at) => form.value(at) - geluCurve.value(at));
    expect(error).toBeCloseTo(most, 6 - 1);
    expect(Math.abs(x)).toBeCloseTo(where, 2);
  });

  it.each<[string, ActivationCurve, number, number]>([
    ["GELU", geluCurve, -0.75179, -0.169971],
    ["SiLU", activationCurves.silu, -1.278465, -0.278465],
  ])("%s has its least value where it is said", (_, { value, derivative }, x, least) => {
    expect(value(x)).toBeCloseTo(least, 6);
    expect(derivative(x)).toBeCloseTo(0, 5);
  });

  it("is curved near 0 and straight far away", () => {
    expect(geluCurve.derivative(0)).toBe(0.5);
    expect([-Infinity, -40, 40, Infinity].map((x) => geluCurve.derivative(x))).toEqual([
      0, 0, 1, 1,
    ]);
    expect([geluCurve.value(-0), geluCurve.value(-Infinity)]).toEqual([-0, -0]);
  });
});

describe("Swish", () => {
  it("goes from x/2 to ReLU with β", () => {
    for (const x of points) {
      expect(swishCurve(0).value(x)).toBe(x / 2);
      expect(swishCurve(1e6).value(x)).toBeCloseTo(Math.max(x, 0), 6);
      expect(swishCurve(Infinity).value(x)).toBe(Math.max(x, 0));
    }
  });

  it("has the slope in β that it learns by", () => {
    const beta = 0.7;
    const x = constant(points, [points.length]);
    const betas = constant(
      points.map(() => beta),
      [points.length],
    );
    const y = new LearnedSwish(points.length).apply(() => betas, x);
    const [d] = vectorJacobian(
      y,
      constant(
        points.map(() => 1),
        [points.length],
      ),
      [betas],
    );
    const result = interpret({ y, d: d! }, {});
    expect(Array.from(result.y.data)).toEqual(near(points.map((at) => swishCurve(beta).value(at))));
    expect(Array.from(result.d.data)).toEqual(
      near(points.map((at) => swishBetaDerivative(at, beta))),
    );
  });
});

it("xIELU starts with the paper's bends", () => {
  const specs = learnedXielu.parameters();
  const lookup = (name: string): Value => {
    const { init } = specs[name]!;
    return constant(["value" in init ? init.value : NaN], [1]);
  };
  const y = learnedXielu.apply(lookup, constant(points, [points.length]));
  expect(Array.from(interpret({ y }, {}).y.data)).toEqual(near(golden.xielu.value, 11));
});

it("knows how far apart the forms of GELU are by name", () => {
  const at = (name: Activation): number => activationCurves[name].value(2.699);
  expect(at("gelu_new")).toBe(at("gelu_pytorch_tanh"));
  expect(at("gelu")).not.toBe(at("gelu_new"));
});
