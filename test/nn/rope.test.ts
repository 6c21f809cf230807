import {
  RotaryEmbedding,
  dynamicNtkScaling,
  linearScaling,
  llama3Scaling,
  longRopeScaling,
  noScaling,
  ntkScaling,
  proportionalScaling,
  rotaryFrequencies,
  yarnAttentionFactor,
  yarnScaling,
  type RotaryScaling,
} from "orrery-lm/nn";
import { constant, interpret, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import golden from "../../goldens/nn/rope.json" with { type: "json" };

type Parameters = Readonly<Record<string, unknown>>;
const number = (parameters: Parameters, key: string): number => parameters[key] as number;
const rotaryDim = golden.headDim;

function scalingOf(parameters: Parameters): RotaryScaling {
  const factor = (parameters["factor"] as number | undefined) ?? 1;
  const originalMaxPositions = number(parameters, "original_max_position_embeddings");
  switch (parameters["rope_type"]) {
    case "linear":
      return linearScaling(factor);
    case "dynamic":
      return dynamicNtkScaling({ factor, maxPositions: golden.maxPositions });
    case "yarn": {
      const [one, all] = [number(parameters, "mscale"), number(parameters, "mscale_all_dim")];
      const ratio = yarnAttentionFactor(factor, one) / yarnAttentionFactor(factor, all);
      return yarnScaling({
        factor,
        originalMaxPositions,
        betaFast: parameters["beta_fast"] as number | undefined,
        betaSlow: parameters["beta_slow"] as number | undefined,
        isTruncated: parameters["truncate"] as boolean | undefined,
        attentionFactor:
          (parameters["attention_factor"] as number | undefined) ?? (one ? ratio : undefined),
      });
    }
    case "longrope":
      return longRopeScaling({
        factor,
        originalMaxPositions,
        shortFactors: parameters["short_factor"] as number[],
        longFactors: parameters["long_factor"] as number[],
      });
    case "llama3":
      return llama3Scaling({
        factor,
        originalMaxPositions,
        lowFrequencyFactor: number(parameters, "low_freq_factor"),
        highFrequencyFactor: number(parameters, "high_freq_factor"),
      });
    default:
      return proportionalScaling({ factor, share: number(parameters, "partial_rotary_factor") });
  }
}

/** The largest error, relative to what is wanted; float32 rounds 1e-7 away. */
function relativeError(got: ArrayLike<number>, want: readonly number[]): number {
  expect(got.length).toBe(want.length);
  return Math.max(...want.map((value, i) => Math.abs(got[i]! - value) / (Math.abs(value) || 1)));
}

const flat = (value: Value): number[] => [...interpret({ y: value }, {}).y.data];

const cases = golden.cases.flatMap(({ parameters, results }) =>
  results.map(({ length, frequencies, attentionFactor }) => {
    const theta = parameters.rope_theta;
    return { length, theta, frequencies, attentionFactor, parameters };
  }),
);

describe.each(cases)("$parameters.rope_type at length $length", (row) => {
  const scaling = scalingOf(row.parameters);
  const base = { rotaryDim, theta: row.theta };

  it("has the reference's frequencies and factor of attention", () => {
    expect(relativeError(scaling.frequencies(base, row.length), row.frequencies)).toBeLessThan(
      1e-6,
    );
    expect(relativeError([scaling.attentionFactor ?? 1], [row.attentionFactor])).toBeLessThan(1e-6);
  });
});

const byLength = cases.filter(({ parameters }) => scalingOf(parameters).byLength);

it.each(byLength)("$parameters.rope_type at length $length, in a program", (row) => {
  const scaling = scalingOf(row.parameters).byLength!;
  const base = { rotaryDim, theta: row.theta };
  const frequencies = flat(scaling.frequencies(base, constant([row.length], [1])));
  expect(relativeError(frequencies, row.frequencies)).toBeLessThan(3e-6);
});

describe("ntkScaling", () => {
  it("divides the lowest frequency by the factor and leaves the highest", () => {
    const base = { rotaryDim: 64, theta: 10_000 };
    const [before, after] = [noScaling, ntkScaling(8)].map((s) => s.frequencies(base, 1));
    expect(after![0]).toBe(1);
    expect(after![31]).toBeCloseTo(before![31]! / 8, 12);
  });

  it("leaves the one frequency of two channels", () => {
    expect([...ntkScaling(8).frequencies({ rotaryDim: 2, theta: 100 }, 1)]).toEqual([1]);
  });
});

describe("rotationAt", () => {
  it.each([
    ["dynamic NTK", dynamicNtkScaling({ factor: 2, maxPositions: 8 }), [true, false, false]],
    [
      "LongRoPE",
      longRopeScaling({
        factor: 2,
        originalMaxPositions: 8,
        shortFactors: [1, 1],
        longFactors: [1, 2],
      }),
      [true, false, true],
    ],
  ] as const)("%s: keeps turned keys as long as the angles stay", (_, scaling, same) => {
    const { rotationAt } = new RotaryEmbedding({ headDim: 4, scaling });
    const pairs = [
      [3, 8],
      [8, 9],
      [9, 10],
    ] as const;
    expect(pairs.map(([a, b]) => rotationAt!(a) === rotationAt!(b))).toEqual(same);
  });

  it("is not there where the length does not matter", () => {
    const rope = new RotaryEmbedding({ headDim: 4, scaling: linearScaling(2) });
    expect(rope.rotationAt).toBeUndefined();
  });
});

describe("RotaryEmbedding", () => {
  const tokens = 3;
  const positions = constant([0, 2, 5], [1, tokens], "int32");
  const x = Array.from({ length: tokens * 6 }, (_, i) => Math.sin(3 * i + 1));
  const turn = (rope: RotaryEmbedding, values: readonly number[], width: number): number[] =>
    flat(rope.rotate(constant(values, [1, 1, 1, tokens, width]), positions, positions));
  const reorder = (values: readonly number[], order: readonly number[]): number[] =>
    values.map((_, i) => values[Math.floor(i / 6) * 6 + order[i % 6]!]!);

  it("turns neighbors as the other layout turns halves", () => {
    const halves = turn(new RotaryEmbedding({ headDim: 6 }), x, 6);
    const paired = reorder(x, [0, 3, 1, 4, 2, 5]);
    const interleaved = turn(new RotaryEmbedding({ headDim: 6, layout: "interleaved" }), paired, 6);
    expect(interleaved).toEqual(reorder(halves, [0, 3, 1, 4, 2, 5]));
  });

  it("turns leading channels with frequencies of their own, and leaves the others", () => {
    const partial = turn(new RotaryEmbedding({ headDim: 6, rotaryDim: 4 }), x, 6);
    const leading = x.filter((_, i) => i % 6 < 4);
    const alone = turn(new RotaryEmbedding({ headDim: 4 }), leading, 4);
    expect(partial.filter((_, i) => i % 6 < 4)).toEqual(alone);
    expect(partial.filter((_, i) => i % 6 >= 4)).toEqual(
      x.filter((_, i) => i % 6 >= 4).map((value) => expect.closeTo(value, 7) as number),
    );
  });

  it("multiplies what it turns by the factor of attention", () => {
    const scaling: RotaryScaling = { ...noScaling, attentionFactor: 2 };
    const turned = turn(new RotaryEmbedding({ headDim: 6, rotaryDim: 4, scaling }), x, 6);
    const plain = turn(new RotaryEmbedding({ headDim: 6, rotaryDim: 4 }), x, 6);
    expect(
      relativeError(
        turned,
        plain.map((value, i) => (i % 6 < 4 ? 2 * value : value)),
      ),
    ).toBeLessThan(1e-6);
  });

  it("takes the length from the last key, not from the tokens that it turns", () => {
    const scaling = dynamicNtkScaling({ factor: 2, maxPositions: 4 });
    const rope = new RotaryEmbedding({ headDim: 6, scaling });
    const keys = constant([0, 1, 9], [1, tokens], "int32");
    const turned = flat(rope.rotate(constant(x, [1, 1, 1, tokens, 6]), positions, keys));
    const frequencies = scaling.frequencies({ rotaryDim: 6, theta: 10_000 }, 10);
    const fixed = new RotaryEmbedding({ headDim: 6, scaling: { frequencies: () => frequencies } });
    expect(relativeError(turned, turn(fixed, x, 6))).toBeLessThan(1e-5);
  });

  it.each([
    [{ headDim: 7 }, "expected an even headDim, got 7"],
    [{ headDim: 8, rotaryDim: 3 }, "expected an even rotaryDim of at most 8, got 3"],
    [{ headDim: 8, rotaryDim: 10 }, "expected an even rotaryDim of at most 8, got 10"],
  ])("refuses %j", (options, message) => {
    expect(() => new RotaryEmbedding(options)).toThrow(message);
  });

  it("has the paper's frequencies", () => {
    expect(relativeError(rotaryFrequencies(8, 10_000), [1, 0.1, 0.01, 0.001])).toBeLessThan(1e-14);
  });
});
