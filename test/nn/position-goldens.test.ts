/** Position encodings against transformers' own functions, and xPos against its authors' formula. */
import {
  AlibiBias,
  RotaryEmbedding,
  Xpos,
  relativeShift,
  t5Bucket,
  type PositionEncoding,
} from "orrery-lm/nn";
import { constant, interpret, matmul, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import golden from "../../goldens/nn/positions.json" with { type: "json" };

const row = (values: readonly number[]): Value => constant(values, [1, values.length], "int32");
const numbersOf = (value: Value): number[] => [...interpret({ value }, {}).value.data];
const near = (values: readonly number[]): unknown[] =>
  values.map((x) => expect.closeTo(x, 6) as unknown);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe("t5Bucket", () => {
  it.each(golden.t5Buckets)(
    "is transformers' ($buckets buckets to $maxDistance, encoder: $isBidirectional)",
    ({ first, expected, ...options }) => {
      expect(expected.map((_, i) => t5Bucket(first + i, options))).toEqual(expected);
    },
  );
});

describe("AlibiBias", () => {
  // BLOOM adds slope · key, which differs from -slope · distance by slope · query alone.
  it.each(golden.bloomAlibi)("is BLOOM's with padding, $heads heads", ({ heads, mask, alibi }) => {
    const bias = new AlibiBias({ numHeads: heads }).bias();
    mask.forEach((real, b) => {
      const places = real.map((m, t) => (m ? real.slice(0, t).reduce((n, x) => n + x, 0) : 0));
      const at = row(places);
      const part = { queries: at, keys: at, queryPositions: at, keyPositions: at };
      const found = numbersOf(bias.compute(part, []));
      for (let h = 0; h < heads; h++) {
        const theirs = (t: number): number => alibi[(b * heads + h) * 5 + t]!;
        for (const q of range(5).filter((t) => real[t])) {
          for (const k of range(q + 1).filter((t) => real[t])) {
            expect(found[(h * 5 + q) * 5 + k]).toBeCloseTo(theirs(k) - theirs(q), 6);
          }
        }
      }
    });
  });
});

describe("relativeShift", () => {
  it.each(golden.xlnetShift)("is XLNet's with $keys keys", ({ keys, rows, shifted }) => {
    const before = keys - rows.length;
    // XLNet's first column is a distance that no pair has, and its last ones are ahead.
    const found = relativeShift(rows.map((columns) => columns.slice(1, keys + 1)));
    found.forEach((columns, i) => {
      const seen = before + i + 1;
      expect(columns.slice(0, seen)).toEqual(shifted[i]!.slice(0, seen));
    });
  });
});

/** Heads of one text, turned. */
function turned(encoding: PositionEncoding, values: readonly number[], headDim: number): Value {
  const tokens = values.length / headDim;
  const at = row(range(tokens));
  return encoding.rotate!(constant(values, [1, 1, 1, tokens, headDim]), at, at, "query");
}

describe("RotaryEmbedding", () => {
  it.each([
    ["Llama's", "half-split", golden.llamaRotary],
    ["GLM's, of half a head", "interleaved", golden.glmRotary],
  ] as const)("is %s", (_, layout, { headDim, rotaryDim, x, rotated }) => {
    const rope = new RotaryEmbedding({ headDim, rotaryDim, layout });
    expect(numbersOf(turned(rope, x, headDim))).toEqual(near(rotated));
  });
});

describe("Xpos", () => {
  it.each(golden.xpos)("has torchscale's scores (base $scaleBase)", (sample) => {
    const { headDim, tokens, scaleBase, queries, keys, scores } = sample;
    const xpos = new Xpos({ headDim, scaleBase, layout: "interleaved" });
    const at = row(range(tokens));
    const of = (values: readonly number[], side: "query" | "key"): Value =>
      xpos.rotate(constant(values, [1, 1, 1, tokens, headDim]), at, at, side);
    const found = matmul(of(queries, "query"), of(keys, "key"), { transposeB: true });
    expect(numbersOf(found)).toEqual(near(scores));
  });
});
