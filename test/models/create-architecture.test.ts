import { readFileSync } from "node:fs";
import { ConfigError } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import {
  countParameters,
  createArchitecture,
  initialize,
  positionEncodingNames,
  type Architecture,
} from "orrery-lm/models";
import { describe, expect, it } from "vitest";
import { families, type Family } from "./reference.ts";

type Config = Readonly<Record<string, unknown>>;

const golden = Object.fromEntries(
  families.map((family) => {
    const url = new URL(`../../goldens/models/${family}/config.json`, import.meta.url);
    return [family, JSON.parse(readFileSync(url, "utf8")) as Config];
  }),
) as Record<Family, Config>;

const ours: Config = {
  model_type: "orrery",
  vocab_size: 40,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 8,
  position_encoding: "rope",
};

const build = (config: Config): Architecture => createArchitecture(new ConfigReader(config));

it.each<[string, Config, string]>([
  ["no family", {}, "config.json: model_type is missing"],
  [
    "an unknown family",
    { model_type: "mamba" },
    'config.json: model_type: expected one of bloom, gpt2, llama, orrery, got "mamba"',
  ],
  ["a name that every object has", { model_type: "constructor" }, 'got "constructor"'],
  [
    "an unknown key, by name",
    { ...golden.llama, sliding_window: 8, attn_logit_softcapping: 30 },
    "llama does not know sliding_window, attn_logit_softcapping; the model might compute something else",
  ],
  ["a key of another family", { ...golden.llama, n_positions: 8 }, "does not know n_positions"],
  [
    "unscaled scores (gpt2)",
    { ...golden.gpt2, scale_attn_weights: false },
    "scale_attn_weights: only true is implemented, got false",
  ],
  [
    "scores scaled by layer (gpt2)",
    { ...golden.gpt2, scale_attn_by_inverse_layer_idx: true },
    "scale_attn_by_inverse_layer_idx: only false is implemented, got true",
  ],
  [
    "cross-attention (gpt2)",
    { ...golden.gpt2, add_cross_attention: true },
    "add_cross_attention: only false is implemented",
  ],
  [
    "the residual after the norm (bloom)",
    { ...golden.bloom, apply_residual_connection_post_layernorm: true },
    "apply_residual_connection_post_layernorm: only false is implemented",
  ],
  [
    "an untied head (bloom)",
    { ...golden.bloom, tie_word_embeddings: false },
    "tie_word_embeddings: only true is implemented",
  ],
  [
    "another activation",
    { ...golden.gpt2, activation_function: "mish" },
    'activation_function: expected one of gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, got "mish"',
  ],
  [
    "scaled rotary frequencies",
    { ...golden.llama, rope_parameters: { rope_type: "yarn", factor: 4 } },
    'rope_type: this version knows "default", got "yarn"',
  ],
  [
    "scaled rotary frequencies by the old name",
    { ...golden.llama, rope_parameters: null, rope_scaling: { type: "linear", factor: 4 } },
    'rope_type: this version knows "default", got "linear"',
  ],
  [
    "rotary settings that have no effect",
    { ...golden.llama, rope_parameters: { rope_theta: 10_000, partial_rotary_factor: 0.5 } },
    "the default rope_type does not know partial_rotary_factor",
  ],
  [
    "a rotary base that is no number",
    { ...golden.llama, rope_parameters: { rope_theta: "500000" } },
    'rope_theta: expected a positive number, got "500000"',
  ],
  [
    "heads that do not divide the width",
    { ...golden.gpt2, n_head: 3 },
    "n_embd 16 is not divisible by n_head 3",
  ],
  [
    "heads that do not divide into groups",
    { ...golden.llama, num_key_value_heads: 3 },
    "numHeads 4 is not divisible by numKeyValueHeads 3",
  ],
  [
    "an unknown position encoding",
    { ...ours, position_encoding: "t5" },
    'position_encoding: expected one of none, sinusoidal, learned, rope, alibi, got "t5"',
  ],
])("refuses %s", (_, config, message) => {
  expect(() => build(config)).toThrow(ConfigError);
  expect(() => build(config)).toThrow(message);
});

it("lists the values that it assumes", () => {
  const { rms_norm_eps: _, num_key_value_heads: __, rope_parameters: ___, ...rest } = golden.llama;
  const reader = new ConfigReader(rest);
  createArchitecture(reader);
  expect(reader.assumptions).toEqual([
    "rms_norm_eps = 0.000001",
    "rope_theta = 10000",
    "num_key_value_heads = 4",
  ]);
});

describe("countParameters", () => {
  // Worked out by hand from the widths.
  it.each<[string, Config, { total: number; embedding: number }]>([
    [
      "gpt2",
      golden.gpt2,
      {
        total: (32 + 16) * 16 + 2 * (2 * 32 + 4 * (256 + 16) + 16 * 64 * 2 + 64 + 16) + 32,
        embedding: (32 + 16) * 16,
      },
    ],
    [
      "llama, untied",
      golden.llama,
      {
        total: 2 * 32 * 16 + 2 * (2 * 16 + 2 * 256 + 2 * 128 + 3 * 16 * 24) + 16,
        embedding: 32 * 16,
      },
    ],
    [
      "ours with a learned table",
      { ...ours, position_encoding: "learned" },
      {
        total: (40 + 8) * 32 + 2 * (2 * 32 + 4 * 32 * 32 + 3 * 32 * 48) + 32,
        embedding: (40 + 8) * 32,
      },
    ],
  ])("of %s", (_, config, want) => {
    expect(countParameters(build(config).network.parameters())).toEqual(want);
  });
});

describe("initialize", () => {
  const specs = build(ours).network.parameters();

  it("gives equal numbers for equal seeds, and others for others", () => {
    expect(initialize(specs, 3)).toEqual(initialize(specs, 3));
    const [a, b] = [initialize(specs, 3), initialize(specs, 4)];
    expect(a.get("embedding.weight")).not.toEqual(b.get("embedding.weight"));
  });

  it("gives two parameters of one shape different numbers", () => {
    const parameters = initialize(specs, 3);
    expect(parameters.get("layers.0.attention.query.weight")).not.toEqual(
      parameters.get("layers.1.attention.query.weight"),
    );
  });

  const declared = { ...specs, ...build(golden.gpt2).network.parameters() };
  const namesOf = (type: string): string[] =>
    Object.keys(declared).filter((name) => declared[name]!.init.type === type);

  it.each(namesOf("normal"))("draws %s with the declared deviation", (name) => {
    const { init, shape } = declared[name]!;
    const std = "std" in init ? init.std : NaN;
    const data = initialize(declared, 1).get(name)!;
    expect(data.length).toBe(shape.reduce((x, y) => x * y, 1));
    const mean = data.reduce((x, y) => x + y, 0) / data.length;
    const square = data.reduce((x, y) => x + y * y, 0) / data.length;
    // Four deviations of the estimates themselves.
    expect(Math.abs(mean)).toBeLessThan((4 * std) / Math.sqrt(data.length));
    expect(Math.abs(Math.sqrt(square) / std - 1)).toBeLessThan(4 / Math.sqrt(2 * data.length));
  });

  it.each([
    ["gains", "ones", 1],
    ["biases", "zeros", 0],
  ])("sets %s", (_, type, value) => {
    const parameters = initialize(declared, 1);
    expect(namesOf(type).length).toBeGreaterThan(4);
    for (const name of namesOf(type)) {
      expect(new Set(parameters.get(name)), name).toEqual(new Set([value]));
    }
  });

  it("scales what writes to the residual stream by the depth", () => {
    expect(specs["layers.0.attention.query.weight"]!.init).toEqual({ type: "normal", std: 0.02 });
    for (const name of ["layers.0.attention.output.weight", "layers.1.ffn.down.weight"]) {
      expect(specs[name]!.init).toEqual({ type: "normal", std: 0.01 }); // 0.02 / √(2 · 2)
    }
  });

  it("starts what two position encodings share equally", () => {
    const starts = positionEncodingNames.map((name) =>
      initialize(build({ ...ours, position_encoding: name }).network.parameters(), 5),
    );
    const [first, ...others] = starts;
    for (const other of others) {
      const own = [...other.keys()].filter((name) => !first!.has(name));
      expect(own.filter((name) => !name.startsWith("positions."))).toEqual([]);
      for (const [name, data] of first!) expect(other.get(name), name).toEqual(data);
    }
  });
});
