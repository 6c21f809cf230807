import { readFileSync } from "node:fs";
import { initialize } from "orrery-lm/models";
import {
  deepNormCoefficients,
  deepNormInitializers,
  deviationOf,
  fansOf,
  gpt2Initializers,
  initialGains,
  initializedBy,
  kaimingNormal,
  kaimingUniform,
  smallInitializers,
  t5Initializers,
  truncatedInitializers,
  xavierNormal,
  xavierUniform,
  type InitializationScheme,
  type Initializer,
  type ParameterSpecs,
} from "orrery-lm/nn";
import { describe, expect, it } from "vitest";

const golden = JSON.parse(
  readFileSync(new URL("../../goldens/nn/initializers.json", import.meta.url), "utf8"),
) as {
  fanIn: number;
  fanOut: number;
  gains: Record<string, number>;
  measured: Record<string, { std: number; most: number }>;
  truncated: { std: number; bound: number; measured: number };
  halfTruncated: { std: number; bound: number; measured: number };
};
const fans = fansOf([golden.fanOut, golden.fanIn]);

function draw(init: Initializer, shape: readonly number[], seed = 1): Float32Array {
  return initialize({ w: { shape, init, decay: true } }, seed).get("w")!;
}
const stdOf = (data: Float32Array): number =>
  Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
const most = (data: Float32Array): number => data.reduce((a, x) => Math.max(a, Math.abs(x)), 0);

it("has PyTorch's gains", () => {
  expect(Object.keys(initialGains).sort()).toEqual(Object.keys(golden.gains).sort());
  for (const [name, gain] of Object.entries(initialGains)) {
    expect(gain, name).toBeCloseTo(golden.gains[name]!, 12);
  }
});

describe.each<[string, Initializer]>([
  ["xavierNormal", xavierNormal(fans, 0.3)],
  ["xavierUniform", xavierUniform(fans, 0.3)],
  ["kaimingNormal", kaimingNormal(fans)],
  ["kaimingUniform", kaimingUniform(fans)],
  ["linear", kaimingUniform(fans, Math.sqrt(1 / 3))],
])("%s", (name, init) => {
  const want = golden.measured[name]!;
  const data = draw(init, [golden.fanOut, golden.fanIn]);
  // Both are estimates from 15 360 numbers: four deviations of their difference.
  const noise = 4 / Math.sqrt(data.length);

  it("declares the deviation that PyTorch draws", () => {
    expect(Math.abs(deviationOf(init) / want.std - 1)).toBeLessThan(noise);
  });

  it("draws it", () => {
    expect(Math.abs(stdOf(data) / want.std - 1)).toBeLessThan(noise);
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    expect(Math.abs(mean)).toBeLessThan(want.std * noise);
    expect(most(data)).toBeLessThanOrEqual("limit" in init ? init.limit : Infinity);
    // The largest of many even numbers is near the limit, that of normal ones anywhere.
    expect(Math.abs(most(data) / want.most - 1)).toBeLessThan("limit" in init ? 0.01 : 0.5);
  });
});

it.each([golden.truncated, golden.halfTruncated])(
  "truncated at $bound of $std: as PyTorch's",
  ({ std, bound, measured }) => {
    const data = draw({ type: "truncated-normal", std, bound }, [400, 400]);
    expect(most(data)).toBeLessThanOrEqual(bound);
    expect(Math.abs(stdOf(data) / measured - 1)).toBeLessThan(0.01);
  },
);

it("draws no number twice where it draws again", () => {
  const init: Initializer = { type: "truncated-normal", std: 1, bound: 0.5 };
  const data = draw(init, [1000]);
  expect(data).toEqual(draw(init, [1000]));
  expect(new Set(data).size).toBeGreaterThan(990);
  expect(data).not.toEqual(draw(init, [1000], 2));
});

it("fills with a constant", () => {
  expect([...draw({ type: "constant", value: 0.25 }, [3])]).toEqual([0.25, 0.25, 0.25]);
});

const matrix = (outSize: number, inSize: number): ParameterSpecs[string] => ({
  shape: [outSize, inSize],
  init: { type: "normal", std: 9 },
  decay: true,
});
const specs: ParameterSpecs = {
  "embedding.weight": matrix(100, 16),
  "encoder.positions.weight": matrix(32, 4),
  "encoder.layers.0.attention.query.weight": matrix(32, 16),
  "encoder.layers.0.attention.key.weight": matrix(32, 16),
  "encoder.layers.0.attention.value.weight": matrix(32, 16),
  "encoder.layers.0.attention.output.weight": matrix(16, 32),
  "encoder.layers.0.ffn.up.weight": matrix(64, 16),
  "encoder.layers.0.ffn.down.weight": matrix(16, 64),
  "decoder.layers.0.crossAttention.output.weight": matrix(16, 32),
  "decoder.layers.0.ffn.up.weight": matrix(64, 16),
  "encoder.layers.0.ffn.up.bias": { shape: [64], init: { type: "zeros" }, decay: false },
  "encoder.layers.0.ffnNorm.weight": { shape: [16], init: { type: "ones" }, decay: false },
};
const { encoder, decoder } = deepNormCoefficients({ encoderLayers: 8, decoderLayers: 3 });

// In the order of `specs`' matrices.
describe.each<[string, InitializationScheme, number[]]>([
  ["GPT-2", gpt2Initializers(8), [0.02, 0.02, 0.02, 0.02, 0.02, 0.005, 0.02, 0.005, 0.005, 0.02]],
  [
    "Small Init",
    smallInitializers(8, 16),
    [0.1, 0.1, 0.1, 0.1, 0.1, 1 / 16, 0.1, 1 / 16, 1 / 16, 0.1].map((x) =>
      x === 0.1 ? Math.sqrt(2 / 80) : x,
    ),
  ],
  [
    "DeepNorm",
    deepNormInitializers({ encoder: encoder!, decoder: decoder! }),
    [
      9,
      9,
      Math.sqrt(2 / 48),
      Math.sqrt(2 / 48),
      encoder!.beta * Math.sqrt(2 / 48),
      encoder!.beta * Math.sqrt(2 / 48),
      encoder!.beta * Math.sqrt(2 / 80),
      encoder!.beta * Math.sqrt(2 / 80),
      decoder!.beta * Math.sqrt(2 / 48),
      decoder!.beta * Math.sqrt(2 / 80),
    ],
  ],
  [
    "T5",
    t5Initializers({ hiddenSize: 16, headDim: 8 }),
    [
      1,
      0.25,
      1 / Math.sqrt(128),
      0.25,
      0.25,
      1 / Math.sqrt(32),
      0.25,
      0.125,
      1 / Math.sqrt(32),
      0.25,
    ],
  ],
  ["a truncated one", truncatedInitializers(0.03), Array.from({ length: 10 }, () => 0.03)],
])("%s", (_, scheme, deviations) => {
  const started = initializedBy(specs, scheme);

  it("sets the deviation of each matrix", () => {
    const found = Object.values(started).flatMap(({ shape, init }) =>
      shape.length === 2 ? [deviationOf(init)] : [],
    );
    expect(found).toEqual(deviations.map((x) => expect.closeTo(x, 12) as unknown));
  });

  it("leaves shapes, decay, biases and gains", () => {
    expect(Object.keys(started)).toEqual(Object.keys(specs));
    for (const [name, { shape, decay, init }] of Object.entries(started)) {
      const own = specs[name]!;
      expect({ shape, decay }).toEqual({ shape: own.shape, decay: own.decay });
      expect(shape.length === 1 ? init : own.init).toEqual(own.init);
    }
  });
});

it("DeepNorm starts one stack by its own coefficients", () => {
  const one = { "layers.3.ffn.up.weight": matrix(64, 16) };
  for (const side of ["encoder", "decoder"] as const) {
    const coefficients = deepNormCoefficients({ [`${side}Layers`]: 12 });
    const { init } = initializedBy(one, deepNormInitializers(coefficients))[
      "layers.3.ffn.up.weight"
    ]!;
    expect(deviationOf(init)).toBeCloseTo(0.319472 * Math.sqrt(2 / 80), 6);
  }
});
