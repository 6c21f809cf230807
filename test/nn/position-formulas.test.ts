import {
  AlibiBias,
  Xpos,
  alibiBias,
  alibiMultipliedFoil,
  alibiSlopes,
  interpolateTable,
  ropeDecayBound,
  rotaryAngles,
  rotateComplex,
  sinusoidalTable,
  xposDecay,
} from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const close = (values: Iterable<number>, digits = 12): unknown[] =>
  Array.from(values, (x) => expect.closeTo(x, digits) as unknown);
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, x, i) => s + x * b[i]!, 0);
const softmax = (row: Iterable<number>): Float64Array => {
  const powers = Float64Array.from(row, Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
};

describe("sinusoidalTable", () => {
  const dim = 64;
  const table = sinusoidalTable({ length: 400, dim });

  it("has rows of equal length, whose products depend on the distance", () => {
    for (const [p, q] of [
      [0, 0],
      [3, 10],
      [390, 397],
      [20, 399],
    ] as const) {
      const expected = rotaryAngles(dim, 10_000, p - q).reduce((s, a) => s + Math.cos(a), 0);
      expect(dot(table[p]!, table[q]!)).toBeCloseTo(expected, 10);
    }
    expect(dot(table[77]!, table[77]!)).toBeCloseTo(dim / 2, 12);
  });

  it("moves by a turn of its pairs", () => {
    // (cos, sin) turn by the angle; the table has (sin, cos), which turn the other way.
    const turned = rotateComplex(table[100]!, rotaryAngles(dim, 10_000, -7));
    expect([...turned]).toEqual(close(table[107]!, 11));
  });

  it.each([
    ["interleaved", "paper", [Math.sin(3), Math.cos(3), Math.sin(0.03), Math.cos(0.03)]],
    ["concat", "paper", [Math.sin(3), Math.sin(0.03), Math.cos(3), Math.cos(0.03)]],
    ["concat", "t2t", [Math.sin(3), Math.sin(3e-4), Math.cos(3), Math.cos(3e-4)]],
  ] as const)("knows layout %s with spacing %s", (layout, spacing, row) => {
    const [first] = sinusoidalTable({ length: 1, dim: 4, layout, spacing, start: 3 });
    expect([...first!]).toEqual(close(row));
  });

  it("fills an odd channel with zero where sines come first, and refuses it elsewhere", () => {
    const [row] = sinusoidalTable({
      length: 1,
      dim: 3,
      layout: "concat",
      spacing: "t2t",
      start: 1,
    });
    expect([...row!]).toEqual([...close([Math.sin(1), Math.cos(1)]), 0]);
    expect(() => sinusoidalTable({ length: 1, dim: 3 })).toThrow("expected an even dim, got 3");
  });

  it("never repeats within 20,000 positions", () => {
    const rows = sinusoidalTable({ length: 20_001, dim });
    const best = rows.slice(101).reduce((most, row) => Math.max(most, dot(row, rows[0]!)), 0);
    expect(best).toBeCloseTo(18.5, 1);
  });
});

describe("ropeDecayBound", () => {
  it("has the known values, and does not fall everywhere", () => {
    const offsets = [0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 256];
    expect([...ropeDecayBound(128, 10_000, offsets)]).toEqual(
      close([32.5, 31.54, 28.96, 20.85, 17.95, 15.24, 12.63, 10.23, 7.59, 7.24, 6.54], 2),
    );
    const all = ropeDecayBound(
      128,
      10_000,
      Array.from({ length: 257 }, (_, i) => i),
    );
    expect(all.some((x, i) => i > 0 && x > all[i - 1]!)).toBe(true);
  });
});

describe("rotateComplex", () => {
  it("keeps lengths, and turns back", () => {
    const x = Float64Array.of(1, -2, 0.5, 3);
    const there = rotateComplex(x, rotaryAngles(4, 10_000, 9));
    expect(dot(there, there)).toBeCloseTo(dot(x, x), 12);
    expect([...rotateComplex(there, rotaryAngles(4, 10_000, -9))]).toEqual(close(x));
    expect([...there]).not.toEqual(close(x, 3));
  });
});

describe("alibiBias", () => {
  const [bias, shifted] = (["distance", "shifted"] as const).map((form) =>
    alibiBias({ numHeads: 12, queries: 5, keys: 5, form }),
  );

  it("is zero on the diagonal and equal along each other", () => {
    bias!.forEach((head, h) => {
      expect([...head[4]!]).toEqual(
        close([4, 3, 2, 1].map((d) => -d * alibiSlopes(12)[h]!).concat(0)),
      );
      head.forEach((row, i) => expect(row[i]).toBe(0));
      expect(head[3]![2]).toBe(head[4]![3]);
    });
  });

  it("gives the weights of the shifted form", () => {
    const scores = [0.3, -1, 2, 0.1, 0.7];
    const weights = (table: Float64Array[][]): Float64Array =>
      softmax(scores.map((s, j) => s + table[2]![4]![j]!));
    expect([...weights(bias!)]).toEqual(close(weights(shifted!)));
  });

  it("has the row of one step of decoding", () => {
    const step = alibiBias({ numHeads: 12, queries: 1, keys: 5 });
    expect(step.map(([row]) => row)).toEqual(bias!.map((head) => head[4]));
  });

  it("loses weight by e^-slope a token where scores are equal", () => {
    const weights = softmax(bias![0]![4]!);
    expect(weights[1]! / weights[2]!).toBeCloseTo(Math.exp(-alibiSlopes(12)[0]!), 12);
  });

  it("leaves no weights if it is multiplied", () => {
    const foil = alibiMultipliedFoil(bias![0]!.map(softmax), bias![0]!);
    foil.forEach((row, i) => {
      expect(row[i]).toBeCloseTo(0, 15);
      expect(row.reduce((a, b) => a + b, 0)).toBeLessThan(0);
    });
  });
});

describe("AlibiBias for an encoder", () => {
  it.each([
    ["the same slope to both sides", undefined, [-0.5, 0, -1]],
    ["another slope ahead", [0.125], [-0.5, 0, -0.25]],
  ])("takes %s", (_, ahead, expected) => {
    const at = (positions: number[]) => constant(positions, [1, positions.length], "int32");
    const part = {
      queries: at([0]),
      keys: at([0]),
      queryPositions: at([3]),
      keyPositions: at([2, 3, 5]),
    };
    const slopes = Float64Array.of(0.5);
    const encoding = new AlibiBias({
      numHeads: 1,
      slopes,
      ...(ahead && { slopesAhead: Float64Array.from(ahead) }),
    });
    const value = encoding.bias().compute(part, []);
    expect([...interpret({ value }, {}).value.data].map((x) => x + 0)).toEqual(expected);
  });
});

describe("interpolateTable", () => {
  it("keeps the ends and adds rows between", () => {
    const rows = interpolateTable(
      [
        [0, 4],
        [2, 0],
        [6, 2],
      ],
      5,
    ).map((row) => [...row]);
    expect(rows).toEqual([
      [0, 4],
      [1, 2],
      [2, 0],
      [4, 1],
      [6, 2],
    ]);
  });
});

describe("xposDecay", () => {
  it("is torchscale's", () => {
    expect([...xposDecay(4)]).toEqual(close([0.4 / 1.4, 0.9 / 1.4]));
  });
});

describe("Xpos", () => {
  // Products of scales are taken in float32, as a runtime has them.
  const scaled = (position: number, sign: number): number => {
    const [decay] = xposDecay(8);
    return Math.fround(Math.exp(Math.fround((sign * position * Math.log(decay!)) / 512)));
  };

  it("has as many positions as its scales reach", () => {
    const { maxPositions } = new Xpos({ headDim: 8 });
    expect(maxPositions).toBe(35_556);
    expect(new Xpos({ headDim: 8, scaleBase: 1024 }).maxPositions).toBe(71_113);
    const last = maxPositions - 1;
    const product = scaled(last, 1) * scaled(last, -1);
    expect(product).toBeCloseTo(1, 3);
    expect(scaled(maxPositions + 1000, -1)).toBe(Infinity);
  });
});
