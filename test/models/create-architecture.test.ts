import { ConfigError } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture } from "orrery-lm/models";
import { expect, it } from "vitest";
import { build, golden, ours, type Config } from "./configs.ts";

const falcon: Config = {
  model_type: "falcon",
  vocab_size: 8,
  hidden_size: 8,
  num_attention_heads: 2,
  num_hidden_layers: 1,
};
const mpt: Config = { model_type: "mpt", vocab_size: 8, d_model: 8, n_heads: 2, n_layers: 1 };

it.each<[string, Config, string]>([
  ["no family", {}, "config.json: model_type is missing"],
  ["an unknown family", { model_type: "mamba" }, 'got "mamba"'],
  ["a mistyped family", { model_type: "lama" }, 'got "lama"; did you mean llama?'],
  ["a name that every object has", { model_type: "constructor" }, 'got "constructor"'],
  [
    "an unknown key, by name",
    { ...golden.llama, sliding_window: 8, attn_logit_softcapping: 30 },
    "llama does not know sliding_window, attn_logit_softcapping; the model might compute something else",
  ],
  ["a key of another family", { ...golden.llama, n_positions: 8 }, "does not know n_positions"],
  [
    "cross-attention (gpt2)",
    { ...golden.gpt2, add_cross_attention: true },
    "add_cross_attention: only false is implemented",
  ],
  [
    "two names of one key with two values (bloom)",
    { ...golden.bloom, num_attention_heads: 4 },
    "num_attention_heads: expected the value of n_head, which it is an old name of, got 4",
  ],
  [
    "one layer after the other where there is a new architecture (falcon)",
    { ...falcon, new_decoder_architecture: true, parallel_attn: false },
    "new_decoder_architecture: expected parallel_attn with it",
  ],
  ["scaled logits (mpt)", { ...mpt, logit_scale: 0.5 }, "logit_scale: only null is implemented"],
  [
    "an unknown key of attention, with its place (mpt)",
    { ...mpt, attn_config: { alibi: true, kv_n_heads: 2 } },
    "mpt does not know attn_config.kv_n_heads",
  ],
  [
    "positions that the reference has no code for (mpt)",
    { ...mpt, attn_config: { alibi: false } },
    "alibi: only true is implemented, got false",
  ],
  [
    "types for other layers than there are (cohere2)",
    { ...golden.cohere2, layer_types: ["full_attention"] },
    'layer_types: expected 2 of full_attention, sliding_attention, got ["full_attention"]',
  ],
  [
    "a type of layer that is unknown (cohere2)",
    { ...golden.cohere2, layer_types: ["full_attention", "chunked_attention"] },
    "layer_types: expected 2 of full_attention, sliding_attention",
  ],
  [
    "layers that are no numbers (qwen3_moe)",
    { ...golden.qwen3_moe, mlp_only_layers: ["0"] },
    'mlp_only_layers: expected a list of whole numbers, got ["0"]',
  ],
  [
    "experts in every other layer (deepseek_v3)",
    { ...golden.deepseek_v3, moe_layer_freq: 2 },
    "moe_layer_freq: only 1 is implemented",
  ],
  [
    "a scoring of another version (deepseek_v2)",
    { ...golden.deepseek_v2, scoring_func: "sigmoid" },
    'scoring_func: expected one of softmax, got "sigmoid"',
  ],
  [
    "more experts for a token than there are (olmoe)",
    { ...golden.olmoe, num_experts_per_tok: 5 },
    "num_experts_per_tok: expected at most 4, the number of experts, got 5",
  ],
  [
    "experts that do not divide into groups (deepseek_v3)",
    { ...golden.deepseek_v3, n_group: 4 },
    "6 experts do not divide into 4 groups",
  ],
  [
    "another activation",
    { ...golden.gpt2, activation_function: "prelu" },
    'softplus, swish, tanh, got "prelu"',
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
    { ...ours, position_encoding: "deberta" },
    'position_encoding: expected one of none, sinusoidal, learned, shaw, transformer-xl, t5, rope, xpos, alibi, got "deberta"',
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
    "num_key_value_heads = 4",
    "rope_theta = 10000",
    "rms_norm_eps = 0.000001",
  ]);
});

it("takes note of a key that changes nothing (StarCoder 2)", () => {
  const {
    rms_norm_eps: _,
    attention_bias: __,
    mlp_bias: ___,
    head_dim: ____,
    ...rest
  } = golden.llama;
  const reader = new ConfigReader({
    ...rest,
    model_type: "starcoder2",
    activation_function: "gelu",
    hidden_act: "gelu_pytorch_tanh",
  });
  createArchitecture(reader);
  expect(reader.notes).toEqual([
    'activation_function = "gelu" has no effect: hidden_act is what the family computes',
  ]);
});

it.each<[string, Config, number]>([
  ["by 1/√D", {}, 1],
  ["not at all", { scale_attn_weights: false }, Math.sqrt(8)],
  ["by the layer too", { scale_attn_by_inverse_layer_idx: true }, 1 / 2],
])("scales GPT-2's scores %s", (_, keys, factor) => {
  const config = { ...golden.gpt2, n_embd: 24, n_head: 3, ...keys };
  const { network } = createArchitecture(new ConfigReader(config));
  const { scale } = network.describe!().parts["layers.1"]!.parts["attention"]!.options;
  expect(scale).toBeCloseTo(factor / Math.sqrt(8), 12);
});

it("names a key of a nested object that has no effect", () => {
  const attention = { alibi: true, alibi_bias_max: 4 };
  const sizes = { d_model: 12, n_heads: 3, n_layers: 1, vocab_size: 5, no_bias: true };
  const reader = new ConfigReader({ model_type: "mpt", ...sizes, attn_config: attention });
  createArchitecture(reader);
  expect(reader.notes).toEqual([
    "attn_config.alibi_bias_max = 4 has no effect: the reference makes its slopes with 8",
  ]);
});

it.each<[string, Config, string]>([
  ["layers", { ...golden.llama, num_hidden_layers: 1e9 }, "num_hidden_layers: expected at most"],
  [
    "no layers",
    { ...golden.llama, num_hidden_layers: 0 },
    "num_hidden_layers: expected a positive",
  ],
  ["heads", { ...golden.bloom, n_head: 2 ** 40 }, "n_head: expected at most 16384"],
  ["channels", { ...golden.llama, hidden_size: 2 ** 40 }, "hidden_size: expected at most"],
  ["words", { ...golden.llama, vocab_size: 2 ** 52 }, "vocab_size: expected at most"],
  [
    "distances",
    { model_type: "t5", relative_attention_max_distance: 1e10 },
    "relative_attention_max_distance: expected at most",
  ],
  [
    "experts in all layers",
    { model_type: "mixtral", num_hidden_layers: 4096, num_local_experts: 4096 },
    "experts in all layers, got 4096 layers of 4096",
  ],
  [
    "numbers in one parameter",
    { ...golden.llama, hidden_size: 2 ** 24, vocab_size: 2 ** 31 - 1, head_dim: 4 },
    "embedding.weight would have the shape [2147483647, 16777216]",
  ],
])("refuses too many %s before it takes memory", (_, config, message) => {
  expect(() => createArchitecture(new ConfigReader(config))).toThrow(message);
});
