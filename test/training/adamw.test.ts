import {
  gradients,
  input,
  interpret,
  multiply,
  parameter,
  reduceSum,
  subtract,
} from "orrery-lm/tensor";
import { adamW, clipByGlobalNorm, learningRateAt } from "orrery-lm/training";
import { describe, expect, it } from "vitest";
import golden from "../../goldens/training/adamw.json" with { type: "json" };

const { beta1, beta2, eps, weightDecay, clipNorm, learningRate } = golden.settings;

/** Minimizes Σ (p - target)² as the golden's script does, in the interpreter's float64. */
function run(decays: boolean): { parameters: number[][]; norms: number[] } {
  const p = parameter("p", [3]);
  const distance = subtract(p, input("target", [3]));
  const loss = reduceSum(multiply(distance, distance), [0]);
  const [gradient] = gradients(loss, [p]);
  const { norm, factor } = clipByGlobalNorm([gradient!], clipNorm);
  const scalars = {
    learningRate: input("learningRate", []),
    correction1: input("correction1", []),
    correction2: input("correction2", []),
  };
  const state = { parameter: p, mean: input("mean", [3]), square: input("square", [3]) };
  const next = adamW(state, multiply(gradient!, factor), decays, {
    beta1,
    beta2,
    eps,
    weightDecay,
    ...scalars,
  });
  let [values, mean, square] = [golden.start, [0, 0, 0], [0, 0, 0]];
  const result = { parameters: [] as number[][], norms: [] as number[] };
  for (let step = 1; step <= golden.withDecay.length; step++) {
    const vector = (data: number[]): { data: number[]; shape: number[] } => ({ data, shape: [3] });
    const number = (value: number): { data: number[]; shape: number[] } => ({
      data: [value],
      shape: [],
    });
    const got = interpret(
      { p: next.parameter, mean: next.mean, square: next.square, norm },
      {
        p: vector(values),
        mean: vector(mean),
        square: vector(square),
        target: vector(golden.target),
        learningRate: number(learningRate),
        correction1: number(1 / (1 - beta1 ** step)),
        correction2: number(1 / (1 - beta2 ** step)),
      },
    );
    [values, mean, square] = [[...got.p.data], [...got.mean.data], [...got.square.data]];
    result.parameters.push(values);
    result.norms.push(got.norm.data[0]!);
  }
  return result;
}

describe("AdamW", () => {
  it.each([
    [true, golden.withDecay],
    [false, golden.withoutDecay],
  ])("moves parameters as PyTorch's, decay: %s", (decays, expected) => {
    const { parameters } = run(decays);
    parameters.forEach((values, i) =>
      values.forEach((value, j) => expect(value).toBeCloseTo(expected[i]![j]!, 10)),
    );
  });

  it("clips to PyTorch's norms", () => {
    run(true).norms.forEach((norm, i) => expect(norm).toBeCloseTo(golden.norms[i]!, 10));
  });
});

describe("learningRateAt", () => {
  const schedule = { steps: 110, learningRate: 2, warmupSteps: 10, finalRatio: 0.1 };
  it.each([
    [1, 0.2],
    [5, 1],
    [10, 2],
    [60, 2 * (0.1 + 0.9 * 0.5)],
    [110, 0.2],
    [500, 0.2],
  ])("at step %i is %f", (step, rate) => {
    expect(learningRateAt(step, schedule)).toBeCloseTo(rate, 12);
  });

  it("starts at the top without a warm-up", () => {
    expect(learningRateAt(1, { ...schedule, steps: 1e6, warmupSteps: 0 })).toBeCloseTo(2, 6);
  });
});
