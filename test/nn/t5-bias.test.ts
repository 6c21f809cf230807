import { T5Bias, t5Bucket } from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const distances = [
  0, 1, 7, 8, 9, 11, 12, 15, 16, 20, 30, 31, 32, 63, 64, 90, 91, 127, 128, 1000,
] as const;
const toTheLeft = [0, 1, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 15, 15];
const causal = [0, 1, 7, 8, 9, 11, 12, 15, 16, 17, 20, 21, 21, 26, 26, 29, 29, 31, 31, 31];
const toTheRight = toTheLeft.map((bucket, i) => (distances[i] === 0 ? 0 : bucket + 16));

describe("t5Bucket", () => {
  // Of transformers' T5Attention._relative_position_bucket with 32 buckets and distance 128.
  it.each([
    ["an encoder's keys to the left", true, -1, toTheLeft],
    ["an encoder's keys to the right", true, 1, toTheRight],
    ["a decoder's keys to the left", false, -1, causal],
    ["a decoder's keys to the right", false, 1, distances.map(() => 0)],
  ])("is the reference's for %s", (_, isBidirectional, side, expected) => {
    const options = { buckets: 32, maxDistance: 128, isBidirectional };
    expect(distances.map((distance) => t5Bucket(side * distance, options))).toEqual(expected);
  });

  it("keeps a share that is a whole number on paper in its bucket", () => {
    const options = { buckets: 20, maxDistance: 640, isBidirectional: false };
    // e = 10; 640 / 10 = 2⁶, and the logarithms of 2ᵏ are k / 6 of the way.
    const powers = [1, 2, 3, 4, 5].map((k) => t5Bucket(-10 * 2 ** k, options));
    expect(powers).toEqual([1, 2, 3, 4, 5].map((k) => 10 + Math.floor((k * 10) / 6)));
  });
});

describe("T5Bias", () => {
  it.each([true, false])("adds the number of the bucket and the head (encoder: %s)", (both) => {
    const bucket = { buckets: 8, maxDistance: 16, isBidirectional: both };
    const encoding = new T5Bias({ ...bucket, numHeads: 3, std: 1 });
    const table = Array.from({ length: 8 * 3 }, (_, i) => i * i);
    const bias = encoding.bias(() => constant(table, [8, 3]));
    const queries = [4, 5, 900];
    const keys = [0, 3, 5, 40];
    const part = {
      queries: constant([], [1, 3, 1, 3, 0]),
      keys: constant([], [1, 3, 1, 4, 0]),
      queryPositions: constant(queries, [1, 3], "int32"),
      keyPositions: constant(keys, [1, 4], "int32"),
    };
    const value = bias.compute(part, bias.shared);
    expect(value.shape).toEqual([1, 3, 1, 3, 4]);
    const expected = [0, 1, 2].flatMap((head) =>
      queries.flatMap((query) =>
        keys.map((key) => table[t5Bucket(key - query, bucket) * 3 + head]!),
      ),
    );
    expect([...interpret({ value }, {}).value.data]).toEqual(expected);
  });
});
