import { initialize, languageModelProgram } from "orrery-lm/models";
import { deepNormCoefficients, deviationOf, glmDeepNormCoefficients } from "orrery-lm/nn";
import { interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import { build, ours, type Config } from "./configs.ts";

const base: Config = { ...ours, position_encoding: "none" };

function logitsOf(change: Config): Float64Array {
  const { network } = build({ ...base, ...change });
  const program = languageModelProgram(network, {
    batch: 1,
    tokens: 5,
    hasMask: false,
    hasPositions: false,
    logits: "all",
    hasLabels: false,
  });
  const specs = network.parameters();
  const numbers = [...initialize(specs, 3)].map(([name, data]) => [
    name,
    { data: Float64Array.from(data), shape: specs[name]!.shape },
  ]);
  const inputIds = { data: Float64Array.of(1, 7, 7, 30, 2), shape: [1, 5] };
  return interpret({ y: program.logits! }, { ...Object.fromEntries(numbers), inputIds }).y.data;
}

const namesOf = (change: Config): string[] =>
  Object.keys(build({ ...base, ...change }).network.parameters());
const normsOf = (change: Config): string[] =>
  namesOf(change)
    .filter((name) => name.endsWith("orm.weight") && !name.startsWith("layers.1"))
    .map((name) => name.replace(".weight", "").replace("layers.0.", ""));

describe("norm_placement", () => {
  const two = ["attentionNorm", "ffnNorm"];
  const outputs = ["attentionOutputNorm", "ffnOutputNorm"];
  it.each([
    ["pre", [...two, "finalNorm"]],
    ["post", two],
    ["sandwich", [...two, ...outputs, "finalNorm"]],
    ["branch", [...outputs, "finalNorm"]],
    ["parallel", ["attentionNorm", "finalNorm"]],
    ["parallel-two", [...two, "finalNorm"]],
    ["normed-stream", [...two, "finalNorm"]],
    ["deep", two],
    ["deep-glm", [...two, "finalNorm"]],
  ])("%s has its norms, and a final one where nothing else ends the stream", (name, norms) => {
    expect(normsOf({ norm_placement: name }).sort()).toEqual([...norms].sort());
  });

  it("is another model for each", () => {
    // "parallel-two" starts as "parallel" does, for its norms start equal.
    const all = [
      "pre",
      "post",
      "sandwich",
      "branch",
      "parallel",
      "normed-stream",
      "deep",
      "deep-glm",
    ];
    const logits = all.map((norm_placement) =>
      logitsOf({ norm_placement, initializer: "gpt2" }).join(),
    );
    expect(new Set(logits).size).toBe(all.length);
  });

  it.each([
    ["deep", deepNormCoefficients({ decoderLayers: 2 }).decoder!.beta],
    ["deep-glm", glmDeepNormCoefficients(2).beta],
  ])("%s starts with its β", (norm_placement, beta) => {
    const specs = build({ ...base, norm_placement }).network.parameters();
    const xavier = Math.sqrt(2 / (32 + 32));
    const std = (name: string): number =>
      deviationOf(specs[`layers.1.attention.${name}.weight`]!.init);
    expect(["query", "key"].map(std)).toEqual([xavier, xavier]);
    expect(["value", "output"].map(std)).toEqual([beta * xavier, beta * xavier]);
  });
});

const norms = [
  "rms_norm",
  "layer_norm",
  "layer_norm_without_bias",
  "rms_norm_without_gain",
  "layer_norm_without_gain",
  "partial_rms_norm",
];
it.each([
  ["rms_norm", ["weight"]],
  ["layer_norm", ["weight", "bias"]],
  ["layer_norm_without_bias", ["weight"]],
  ["rms_norm_without_gain", []],
  ["layer_norm_without_gain", []],
  ["partial_rms_norm", ["weight"]],
])("norm %s has the parameters %j", (norm, names) => {
  const own = namesOf({ norm }).filter((name) => name.startsWith("finalNorm"));
  expect(own).toEqual(names.map((name) => `finalNorm.${name}`));
});

it("knows norms that differ in numbers", () => {
  // Without a gain, and with one that starts at 1, a norm computes the same at first.
  const logits = norms.map((norm) => logitsOf({ norm }).join());
  expect(new Set(logits).size).toBe(3);
});

it.each(["gpt2", "small", "truncated", "t5", "xavier", "deep_norm"])(
  "initializer %s",
  (initializer) => {
    const specs = build({ ...base, initializer, initializer_range: 0.05 }).network.parameters();
    const stds = Object.entries(specs)
      .filter(([name]) => name.startsWith("layers.0.attention."))
      .map(([, { init }]) => deviationOf(init));
    const [c, d] = [32, 8];
    const { beta } = deepNormCoefficients({ decoderLayers: 2 }).decoder!;
    const xavier = Math.sqrt(1 / c);
    const wanted: Record<string, number[]> = {
      gpt2: [0.05, 0.05, 0.05, 0.025],
      small: [...[1, 2, 3].map(() => Math.sqrt(2 / (5 * c))), 1 / Math.sqrt(c)],
      truncated: [0.05, 0.05, 0.05, 0.05],
      t5: [1 / Math.sqrt(c * d), xavier, xavier, xavier],
      xavier: [xavier, xavier, xavier, xavier],
      deep_norm: [xavier, xavier, beta * xavier, beta * xavier],
    };
    const inOrder = ["query", "key", "value", "output"].map((name) =>
      Object.keys(specs)
        .filter((key) => key.startsWith("layers.0.attention."))
        .indexOf(`layers.0.attention.${name}.weight`),
    );
    expect(inOrder.map((i) => stds[i])).toEqual(
      wanted[initializer]!.map((std) => expect.closeTo(std, 12) as unknown),
    );
  },
);

it.each<[string, Config, Record<string, number[]>]>([
  ["embedding_norm", { embedding_norm: true }, { "embeddingNorm.weight": [32] }],
  [
    "qk_norm of heads",
    { qk_norm: "head" },
    {
      "layers.0.attention.queryNorm.weight": [8],
      "layers.0.attention.keyNorm.weight": [8],
      "layers.1.attention.queryNorm.weight": [8],
      "layers.1.attention.keyNorm.weight": [8],
    },
  ],
  [
    "qk_norm of the width",
    { qk_norm: "width", num_hidden_layers: 1 },
    { "layers.0.attention.queryNorm.weight": [32], "layers.0.attention.keyNorm.weight": [32] },
  ],
])("%s adds its norms and changes what is computed", (_, change, norms) => {
  const plain = { num_hidden_layers: change["num_hidden_layers"] ?? 2 };
  const before = new Set(namesOf(plain));
  const specs = Object.entries(build({ ...base, ...change }).network.parameters());
  const added = specs
    .filter(([name]) => !before.has(name))
    .map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(added)).toEqual(norms);
  expect(logitsOf(change)).not.toEqual(logitsOf(plain));
});

it.each([
  ["learned_swish", "layers.0.ffn.activation.beta", [48]],
  ["xielu", "layers.1.ffn.activation.alphaNegative", [1]],
])("hidden_act %s is learned in each layer", (hidden_act, name, shape) => {
  expect(build({ ...base, hidden_act }).network.parameters()[name]!.shape).toEqual(shape);
  expect(logitsOf({ hidden_act })).not.toEqual(logitsOf({ hidden_act: "relu" }));
});

it("starts a learned Swish as SiLU", () => {
  const [learned, silu] = [
    logitsOf({ hidden_act: "learned_swish" }),
    logitsOf({ hidden_act: "silu" }),
  ];
  expect(Array.from(learned)).toEqual(Array.from(silu, (x) => expect.closeTo(x, 12) as unknown));
});

it("T5 starts by the width that each matrix reads", () => {
  const config = {
    model_type: "t5",
    vocab_size: 40,
    d_model: 16,
    d_kv: 4,
    num_heads: 8,
    d_ff: 64,
    num_layers: 1,
    initializer_factor: 2,
    tie_word_embeddings: false,
  };
  const specs = build(config).network.parameters();
  const deviations = Object.entries(specs).map(([name, { init }]) => [name, deviationOf(init)]);
  // transformers' `_init_weights` of T5, worked out.
  expect(Object.fromEntries(deviations)).toMatchObject({
    "embedding.weight": 2,
    "head.weight": 2,
    "encoder.positions.weight": 0.5,
    "encoder.layers.0.attention.query.weight": 0.25,
    "encoder.layers.0.attention.key.weight": 0.5,
    "decoder.layers.0.attention.value.weight": 0.5,
    "decoder.layers.0.crossAttention.output.weight": expect.closeTo(
      2 / Math.sqrt(32),
      12,
    ) as unknown,
    "decoder.layers.0.ffn.up.weight": 0.5,
    "decoder.layers.0.ffn.down.weight": 0.25,
  });
});
