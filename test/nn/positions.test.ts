import {
  AlibiBias,
  RotaryEmbedding,
  SinusoidalEmbedding,
  alibiSlopes,
  rotaryFrequencies,
  sinusoidFrequencies,
} from "orrery-lm/nn";
import { add, constant, interpret, matmul, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import golden from "../../goldens/nn/positions.json" with { type: "json" };

const noParameters = (name: string): Value => {
  throw new Error(`no parameter ${name} was expected`);
};
const positions = (values: readonly number[]): Value =>
  constant(values, [1, values.length], "int32");
const flat = (value: Value): number[] => [...interpret({ y: value }, {}).y.data];

describe("alibiSlopes", () => {
  it.each(golden.alibiSlopes)("are the paper's for $heads heads", ({ heads, slopes }) => {
    expect([...alibiSlopes(heads)]).toEqual(
      slopes.map((slope) => expect.closeTo(slope, 14) as number),
    );
  });
});

describe("AlibiBias", () => {
  it("subtracts the distance times the slope of the head", () => {
    const bias = new AlibiBias({ numHeads: 4, numKeyValueHeads: 2 }).bias();
    const at = positions([0, 1, 5]);
    const value = bias.compute({ queries: at, keys: at, queryPositions: at, keyPositions: at }, []);
    expect(value.shape).toEqual([1, 2, 2, 3, 3]);
    const rows = flat(value);
    [0.25, 0.0625, 0.015625, 0.00390625].forEach((slope, head) => {
      // Query at position 5: keys at 0, 1 and 5.
      expect(rows.slice(head * 9 + 6, head * 9 + 9)).toEqual(
        [-5 * slope, -4 * slope, 0].map((x) => x + 0),
      );
    });
  });
});

describe("RotaryEmbedding", () => {
  it("has the paper's frequencies", () => {
    expect([...rotaryFrequencies(8, 10_000)]).toEqual(
      [1, 0.1, 0.01, 0.001].map((f) => expect.closeTo(f, 15) as number),
    );
  });

  it("turns as the reference does", () => {
    const { headDim, theta, tokens, x, rotated } = golden.rotary;
    const rope = new RotaryEmbedding({ headDim, theta });
    const at = positions([...Array(tokens).keys()]);
    const value = rope.rotate(constant(x, [1, 1, 1, tokens, headDim]), at, at);
    flat(value).forEach((y, i) => expect(y).toBeCloseTo(rotated[i]!, 6));
  });

  it("makes scores depend on distances only", () => {
    const rope = new RotaryEmbedding({ headDim: 4 });
    const turn = (x: Value, at: number): Value => rope.rotate(x, positions([at]), positions([at]));
    const [q, k] = [
      [0.3, -1, 2, 0.5],
      [1, 0.2, -0.7, 0.9],
    ].map((row) => constant(row, [1, 1, 1, 1, 4]));
    const score = (m: number, n: number): number =>
      flat(
        matmul(turn(q!, m), turn(k!, n), {
          transposeB: true,
        }),
      )[0]!;
    expect(score(7, 3)).toBeCloseTo(score(104, 100), 9);
    expect(score(7, 3)).not.toBeCloseTo(score(7, 4), 3);
  });

  it("gives two bases two answers", () => {
    const x = constant([1, 2, 3, 4], [1, 1, 1, 1, 4]);
    const [a, b] = [10_000, 500].map((theta) =>
      flat(new RotaryEmbedding({ headDim: 4, theta }).rotate(x, positions([9]), positions([9]))),
    );
    expect(a).not.toEqual(b);
  });

  it("refuses an odd head", () => {
    expect(() => new RotaryEmbedding({ headDim: 7 })).toThrow("expected an even headDim, got 7");
  });
});

describe("SinusoidalEmbedding", () => {
  it("adds the paper's table to embeddings times √C", () => {
    const { hiddenSize, tokens, table } = golden.sinusoidal;
    const x = constant(new Float64Array(tokens * hiddenSize).fill(1), [1, tokens, hiddenSize]);
    const value = new SinusoidalEmbedding({ hiddenSize }).embed(
      noParameters,
      x,
      positions([...Array(tokens).keys()]),
    );
    flat(value).forEach((y, i) => expect(y - Math.sqrt(hiddenSize)).toBeCloseTo(table[i]!, 6));
  });

  it("has a fixed offset as a linear map of the encoding", () => {
    // sin and cos of (t + k) from those of t by a rotation that does not depend on t.
    const k = 3;
    const encode = (t: number): number[] =>
      flat(
        add(
          new SinusoidalEmbedding({ hiddenSize: 6 }).embed(
            noParameters,
            constant([0, 0, 0, 0, 0, 0], [1, 1, 6]),
            positions([t]),
          ),
          constant([0], []),
        ),
      );
    for (const t of [0, 5, 40]) {
      const [from, to] = [encode(t), encode(t + k)];
      sinusoidFrequencies(6).forEach((f, i) => {
        const [s, c] = [from[2 * i]!, from[2 * i + 1]!];
        expect(to[2 * i]).toBeCloseTo(s * Math.cos(k * f) + c * Math.sin(k * f), 6);
        expect(to[2 * i + 1]).toBeCloseTo(c * Math.cos(k * f) - s * Math.sin(k * f), 6);
      });
    }
  });

  it("refuses an odd width", () => {
    expect(() => new SinusoidalEmbedding({ hiddenSize: 5 })).toThrow(
      "expected an even hiddenSize, got 5",
    );
  });
});
