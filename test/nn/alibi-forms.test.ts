import { FalconAlibi, RotaryEmbedding, alibiSlopes, reversed } from "orrery-lm/nn";
import { constant, input, interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

// By transformers 5.18, build_mpt_alibi_tensor, as bias of the last key but one.
it.each<[number, number, number[]]>([
  [4, 8, [0.25, 0.0625, 0.015625, 0.00390625]],
  [6, 8, [0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125]],
  [2, 16, [2 ** -8, 2 ** -16]],
  [3, 16, [2 ** -8, 2 ** -16, 2 ** -4]],
  [1, 8, [2 ** -8]],
])("MPT's slopes of %i heads up to 2^-%i", (heads, max, want) => {
  expect(Array.from(alibiSlopes(heads, max))).toEqual(want);
});

describe("Falcon's ALiBi", () => {
  const positions = input("positions", [1, "tokens"], "int32");
  const compute = (places: number[]): number[] => {
    const part = { queryPositions: positions, keyPositions: positions };
    const bias = new FalconAlibi({ numHeads: 3, scale: 0.5 }).bias();
    const y = bias.compute({ ...part, queries: positions, keys: positions }, []);
    const feeds = { positions: { data: places, shape: [1, places.length] } };
    return Array.from(interpret({ y }, feeds).y.data);
  };

  // By PyTorch: slopes.bfloat16() * positions, slopes 2^-4, 2^-8 and 2^-2 of three heads.
  it("is the key's position times the slope", () => {
    expect(compute([0, 1, 23])).toEqual(
      [1 / 16, 1 / 256, 1 / 4].flatMap((slope) => [0, 1, 23].map((j) => 0.5 * slope * j)),
    );
  });

  it("rounds positions and products to bfloat16", () => {
    expect(compute([257, 1003]).slice(0, 2)).toEqual([256, 1004].map((j) => (0.5 * j) / 16));
  });
});

it("turns the other way round", () => {
  const rope = new RotaryEmbedding({ headDim: 2 });
  const x = constant([1, 0], [1, 1, 1, 1, 2]);
  const at = constant([1], [1, 1], "int32");
  const { y } = interpret({ y: reversed(rope).rotate!(x, at, at, "query") }, {});
  expect(Array.from(y.data)).toEqual([Math.cos(1), -Math.sin(1)].map((v) => expect.closeTo(v, 9)));
  expect(reversed(rope).parameters()).toEqual({});
});
