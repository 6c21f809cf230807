import { ConfigError } from "orrery-lm/base";
import { expect, it } from "vitest";
import { build, golden, type Config } from "./configs.ts";

const { rope_parameters: _, ...plain } = golden.llama; // headDim 4, so two pairs

const rope = (parameters: unknown, more: Config = {}): Config => ({
  ...plain,
  rope_parameters: parameters,
  ...more,
});

it.each<[string, Config, string]>([
  [
    "an unknown type",
    rope({ rope_type: "mrope" }),
    'dynamic, yarn, longrope, su, llama3, proportional, got "mrope"',
  ],
  ["a type that every object has", rope({ rope_type: "toString" }), 'got "toString"'],
  [
    "a type that is no name",
    rope({ rope_type: 3 }),
    "rope_parameters.rope_type: expected a name, got 3",
  ],
  [
    "two types",
    rope({ rope_type: "linear", type: "yarn", factor: 2 }),
    'rope_type "linear" and type "yarn" contradict',
  ],
  [
    "a base that is no number",
    rope({ rope_theta: "5e5" }),
    'rope_parameters.rope_theta: expected a positive number, got "5e5"',
  ],
  [
    "a base that is NaN",
    rope({ rope_theta: NaN }),
    "rope_theta: expected a positive number, got NaN",
  ],
  [
    "a negative base beside",
    rope(null, { rope_theta: -1 }),
    "rope_theta: expected a positive number, got -1",
  ],
  [
    "two bases",
    rope({ rope_theta: 500 }, { rope_theta: 600 }),
    "rope_parameters.rope_theta 500 and rope_theta 600 contradict each other",
  ],
  [
    "a negative factor",
    rope({ rope_type: "linear", factor: -2 }),
    "rope_parameters.factor: expected a positive number, got -2",
  ],
  ["an infinite factor", rope({ rope_type: "dynamic", factor: Infinity }), "got Infinity"],
  ["no factor", rope({ rope_type: "linear" }), 'rope_parameters.factor is missing for "linear"'],
  [
    "no factor, in an old file",
    { ...plain, rope_scaling: { type: "linear" } },
    "rope_scaling.factor is missing",
  ],
  [
    "a key of another type",
    rope({ rope_type: "linear", factor: 2, beta_fast: 3 }),
    'the rope_type "linear" does not know beta_fast',
  ],
  [
    "a scaling without its type",
    rope({ factor: 2 }),
    'the rope_type "default" does not know factor',
  ],
  [
    "a part of the channels, where all are turned",
    rope({ partial_rotary_factor: 0.5 }),
    "expected 1, since this family turns all channels, got 0.5",
  ],
  [
    "a list of the wrong length",
    rope({
      rope_type: "longrope",
      short_factor: [1],
      long_factor: [1, 2],
      original_max_position_embeddings: 8,
    }),
    "rope_parameters.short_factor: expected 2 positive numbers, one for each pair, got [1]",
  ],
  [
    "a list with a negative number",
    rope({
      rope_type: "longrope",
      short_factor: [1, 1],
      long_factor: [1, -2],
      original_max_position_embeddings: 8,
    }),
    "rope_parameters.long_factor: expected 2 positive numbers",
  ],
  [
    "two lengths before the extension",
    rope(
      { rope_type: "yarn", factor: 2, original_max_position_embeddings: 8 },
      { original_max_position_embeddings: 16 },
    ),
    "original_max_position_embeddings 8 and original_max_position_embeddings 16 contradict",
  ],
  [
    "a blend from nothing to nothing",
    rope({ rope_type: "llama3", factor: 8, low_freq_factor: 4, high_freq_factor: 4 }),
    "high_freq_factor: expected more than low_freq_factor 4, got 4",
  ],
  [
    "old and new parameters that differ",
    rope({ rope_type: "default" }, { rope_scaling: { type: "linear", factor: 2 } }),
    "rope_parameters and rope_scaling differ",
  ],
  [
    "parameters of other layers only",
    rope({ sliding_attention: { rope_theta: 5 } }),
    "expected parameters of full_attention, got those of sliding_attention",
  ],
])("refuses %s", (_name, config, message) => {
  expect(() => build(config)).toThrow(ConfigError);
  expect(() => build(config)).toThrow(message);
});

it.each<[string, Config]>([
  ["nothing at all", plain],
  ["the old keys", { ...plain, rope_theta: 500_000, rope_scaling: { type: "linear", factor: 2 } }],
  ["the old keys with a null", { ...plain, rope_theta: 500_000, rope_scaling: null }],
  ["the same base twice", rope({ rope_theta: 500 }, { rope_theta: 500 })],
  ["the same type twice", rope({ rope_type: "linear", type: "linear", factor: 2 })],
  [
    "LongRoPE by its first name",
    rope({
      type: "su",
      short_factor: [1, 1],
      long_factor: [1, 2],
      original_max_position_embeddings: 8,
    }),
  ],
  ["Hunyuan's alpha", rope({ type: "dynamic", alpha: 1000, factor: 1 }, {})],
  [
    "parameters by layer type",
    rope({ full_attention: { rope_theta: 5 }, sliding_attention: { rope_theta: 6 } }),
  ],
])("reads %s", (_name, config) => {
  expect(() => build(config)).not.toThrow();
});
