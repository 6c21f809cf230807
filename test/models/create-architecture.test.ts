import { ConfigError } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture } from "orrery-lm/models";
import { expect, it } from "vitest";
import { build, golden, ours, type Config } from "./configs.ts";

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
    { ...golden.gpt2, activation_function: "prelu" },
    'silu, swish, tanh, got "prelu"',
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
    "num_key_value_heads = 4",
    "rope_theta = 10000",
  ]);
});
