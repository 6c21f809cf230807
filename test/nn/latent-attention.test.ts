import { random } from "orrery-lm/base";
import {
  LatentAttention,
  RMSNorm,
  RotaryEmbedding,
  type KeyValueCache,
  type LatentAttentionOptions,
  type SequenceContext,
} from "orrery-lm/nn";
import { constant, interpret, slice, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [C, TOKENS, HELD] = [6, 5, 3];
const norm = (size: number) => ({ size, norm: new RMSNorm({ size, eps: 1e-6 }) });
const options: LatentAttentionOptions = {
  hiddenSize: C,
  numHeads: 3,
  keyValueLatent: norm(5),
  plainDim: 3,
  rotaryDim: 2,
  valueDim: 4,
  hasBias: true,
  positions: new RotaryEmbedding({ headDim: 2 }),
  isCausal: true,
  scale: 0.7,
  std: 1,
  outputStd: 1,
};

const draw = (name: string, shape: readonly number[]): Value => {
  const stream = random(5, name);
  return constant(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal()),
    shape,
  );
};
const places = (from: number, to: number): Value =>
  constant(
    Array.from({ length: to - from }, (_, i) => from + i),
    [1, to - from],
    "int32",
  );

describe.each<[string, LatentAttentionOptions, string[]]>([
  ["queries straight from the stream", options, []],
  [
    "queries through few channels",
    { ...options, queryLatent: norm(4) },
    ["queryDown.weight", "queryDown.bias", "queryNorm.weight"],
  ],
])("%s", (_, parts, names) => {
  const attention = new LatentAttention(parts);
  const specs = attention.parameters();
  const x = draw("x", [1, TOKENS, C]);
  const run = (tokens: Value, context: SequenceContext): Value =>
    attention.apply((name) => draw(name, specs[name]!.shape), tokens, context);
  const whole = run(x, { positions: places(0, TOKENS), name: "a" });

  it("declares its parameters", () => {
    expect(Object.keys(specs)).toEqual([
      ...names,
      "query.weight",
      "latent.weight",
      "latent.bias",
      "rotaryKey.weight",
      "rotaryKey.bias",
      "latentNorm.weight",
      "key.weight",
      "value.weight",
      "output.weight",
      "output.bias",
    ]);
  });

  it("keeps one latent and one turned key of each token, from which it gives the same", () => {
    const kept: { keys: Value; values: Value }[] = [];
    const cacheOf = (positions: Value, filled: number): KeyValueCache => ({
      positions,
      exchange(__, keys, values) {
        const past = kept.at(-1);
        kept.push({ keys, values });
        return {
          keys: past?.keys ?? draw("nothing", [1, 1, 1, 1, 5 + 2]),
          values: past?.values ?? draw("nothing", [1, 1, 1, 1, 5]),
          positions,
          mask: constant(Array(filled || 1).fill(filled && 1), [1, filled || 1], "bool"),
          length: constant([filled], [1], "int32"),
        };
      },
    });
    const first = run(slice(x, 1, 0, HELD), {
      positions: places(0, HELD),
      cache: cacheOf(places(0, 1), 0),
      name: "a",
    });
    const rest = run(slice(x, 1, HELD, TOKENS), {
      positions: places(HELD, TOKENS),
      cache: cacheOf(places(0, HELD), HELD),
      name: "a",
    });
    expect(kept.map(({ keys, values }) => [keys.shape, values.shape])).toEqual([
      [
        [1, 1, 1, HELD, 7],
        [1, 1, 1, HELD, 5],
      ],
      [
        [1, 1, 1, TOKENS - HELD, 7],
        [1, 1, 1, TOKENS - HELD, 5],
      ],
    ]);
    const got = interpret({ first, rest, whole }, {});
    const joined = [...got.first.data, ...got.rest.data];
    joined.forEach((value, i) => expect(value).toBeCloseTo(got.whole.data[i]!, 10));
  });

  it("depends on distances, and not on positions", () => {
    const far = run(x, { positions: places(100, 100 + TOKENS), name: "a" });
    const mixed = run(x, {
      positions: constant([0, 2, 4, 6, 8], [1, TOKENS], "int32"),
      name: "a",
    });
    const got = interpret({ far, whole, mixed }, {});
    got.far.data.forEach((value, i) => expect(value).toBeCloseTo(got.whole.data[i]!, 9));
    expect(got.mixed.data.at(-1)).not.toBeCloseTo(got.whole.data.at(-1)!, 3);
  });
});
