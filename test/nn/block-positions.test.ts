import { random } from "orrery-lm/base";
import {
  BlockRotaryEmbedding,
  SelfAttention,
  blockPositions,
  linearAttentionWithRope,
  rotaryAngles,
  rotateComplex,
} from "orrery-lm/nn";
import { constant, interpret, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [TOKENS, DIM] = [7, 8];
const numbers = (name: string, length: number): number[] => {
  const stream = random(2, name);
  return Array.from({ length }, () => stream.normal());
};
const table = (name: string, width: number): number[][] =>
  Array.from({ length: TOKENS }, (_, t) => numbers(`${name} ${t}`, width));
const close = (values: Iterable<number>): unknown[] =>
  Array.from(values, (x) => expect.closeTo(x, 9) as unknown);
const flat = (value: Value): number[] => [...interpret({ value }, {}).value.data];
const at = (places: readonly (readonly number[])[]): Value =>
  constant(places.flat(), [1, 2, places[0]!.length], "int32");

describe("blockPositions", () => {
  it("counts the context, stays at the gap, and counts what is written", () => {
    const [places, blocks] = blockPositions({ length: 7, contextLength: 4, maskPosition: 2 });
    expect([...places]).toEqual([0, 1, 2, 3, 2, 2, 2]);
    expect([...blocks]).toEqual([0, 0, 0, 0, 1, 2, 3]);
  });
});

describe("BlockRotaryEmbedding", () => {
  const places = [
    [0, 1, 2, 3, 2, 2, 2],
    [0, 0, 0, 0, 1, 2, 3],
  ];
  const x = table("x", DIM);
  const heads = constant(x.flat(), [1, 1, 1, TOKENS, DIM]);

  it.each(["half-split", "interleaved"] as const)("is the formula pair by pair, %s", (layout) => {
    const rope = new BlockRotaryEmbedding({ headDim: DIM, theta: 100, layout });
    // Half a head has 2 pairs, with frequencies 1 and 1/10.
    const pairs = layout === "interleaved" ? [0, 1, 2, 3] : [0, 2, 1, 3];
    const expected = x.flatMap((row, t) => {
      const turned = [...row];
      for (const half of [0, 1]) {
        for (const i of [0, 1]) {
          const [a, b] = [pairs[2 * i]! + 4 * half, pairs[2 * i + 1]! + 4 * half];
          const angle = places[half]![t]! * 10 ** -i;
          turned[a] = row[a]! * Math.cos(angle) - row[b]! * Math.sin(angle);
          turned[b] = row[b]! * Math.cos(angle) + row[a]! * Math.sin(angle);
        }
      }
      return turned;
    });
    expect(flat(rope.rotate(heads, at(places)))).toEqual(close(expected));
  });

  it("knows differences of places, of either kind, within a layer", () => {
    const attention = new SelfAttention({
      hiddenSize: DIM,
      numHeads: 1,
      numKeyValueHeads: 1,
      headDim: DIM,
      hasBias: false,
      positions: new BlockRotaryEmbedding({ headDim: DIM }),
      isCausal: true,
      std: 1,
      outputStd: 1,
    });
    const read = (moves: readonly [number, number], last = 3): number[] => {
      const moved = places.map((row, i) =>
        row.map((p, t) => (i === 1 && t === 6 ? last : p) + moves[i]!),
      );
      return flat(
        attention.apply((name) => constant(numbers(name, DIM * DIM), [DIM, DIM]), inputs, {
          positions: at(moved),
          name: "attention",
        }),
      );
    };
    const inputs = constant(x.flat(), [1, TOKENS, DIM]);
    expect(read([40, 0])).toEqual(close(read([0, 0])));
    expect(read([0, 9])).toEqual(close(read([0, 0])));
    expect(read([0, 0], 4)).not.toEqual(close(read([0, 0])));
  });

  it("refuses a head whose halves have no pairs", () => {
    expect(() => new BlockRotaryEmbedding({ headDim: 6 })).toThrow(
      "expected a headDim that 4 divides, got 6",
    );
  });
});

describe("linearAttentionWithRope", () => {
  const [queries, keys, values] = [table("q", DIM), table("k", DIM), table("v", 3)];
  const feature = (row: readonly number[]): number[] =>
    row.map((v) => (v > 0 ? v : Math.expm1(v)) + 1);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);

  it.each([true, false])("is the sum over all pairs (causal: %s)", (isCausal) => {
    const turn = (row: readonly number[], t: number): Float64Array =>
      rotateComplex(feature(row), rotaryAngles(DIM, 500, t));
    const found = linearAttentionWithRope({ queries, keys, values, theta: 500, isCausal });
    queries.forEach((query, m) => {
      const seen = keys.slice(0, isCausal ? m + 1 : TOKENS);
      const below = seen.reduce((sum, key) => sum + dot(feature(query), feature(key)), 0);
      const expected = [0, 1, 2].map(
        (c) =>
          seen.reduce((s, key, n) => s + dot(turn(query, m), turn(key, n)) * values[n]![c]!, 0) /
          below,
      );
      expect([...found[m]!]).toEqual(close(expected));
    });
  });

  it("has nothing to say of nothing", () => {
    expect(linearAttentionWithRope({ queries: [], keys: [], values: [], isCausal: true })).toEqual(
      [],
    );
  });
});
