import { initialize, languageModelProgram, Model } from "orrery-lm/models";
import { integers, nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { gradients, topologicalOrder } from "orrery-lm/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { build, type Config } from "./configs.ts";
import { parameterFeeds } from "./reference-gradients.ts";
import { evaluateWith } from "./reference.ts";

const sizes = {
  vocab_size: 20,
  hidden_size: 12,
  intermediate_size: 16,
  num_attention_heads: 3,
  num_hidden_layers: 2,
  max_position_embeddings: 12,
};
const stacks = {
  vocab_size: 20,
  d_model: 12,
  encoder_layers: 1,
  decoder_layers: 2,
  encoder_attention_heads: 3,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 16,
  decoder_ffn_dim: 10,
  max_position_embeddings: 12,
  pad_token_id: 0,
  eos_token_id: 2,
};
const marian: Config = { ...stacks, model_type: "marian", scale_embedding: true };
const deberta: Config = {
  ...sizes,
  model_type: "deberta-v2",
  relative_attention: true,
  position_buckets: 4,
  pos_att_type: ["c2p", "p2c"],
  share_att_key: true,
};
const t5: Config = {
  model_type: "t5",
  vocab_size: 20,
  d_model: 12,
  d_kv: 5,
  d_ff: 16,
  num_layers: 2,
  num_heads: 3,
};
const xlnet: Config = {
  model_type: "xlnet",
  vocab_size: 20,
  d_model: 12,
  n_layer: 2,
  n_head: 3,
  d_inner: 16,
};

const inputIds = [
  [3, 4, 5, 6, 7],
  [8, 9, 10, 11, 12],
];
const decoderInputIds = [
  [2, 4, 5],
  [2, 6, 7],
];

describe("encoders and encoder–decoders", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await nativeRuntime({ threads: 1 });
  });
  const modelOf = (config: Config): Model =>
    new Model({
      config,
      runtime,
      parameters: initialize(build(config).network.parameters(), 3),
    });
  const inputsOf = (config: Config): Pick<Parameters<Model["forward"]>[0], "decoderInputIds"> =>
    build(config).network.kind === "encoder-decoder" ? { decoderInputIds } : {};

  it.each<[string, Config]>([
    ["bert", { ...sizes, model_type: "bert" }],
    ["modernbert", { ...sizes, model_type: "modernbert", local_attention: 2 }],
    ["deberta-v2", deberta],
    ["xlnet", xlnet],
    ["t5", t5],
    ["bart", { ...stacks, model_type: "bart" }],
    ["marian", marian],
  ])(
    "%s gives numbers for a row without a real token, and what others get alone",
    async (_, config) => {
      const model = modelOf(config);
      const attentionMask = [
        [0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1],
      ];
      const { logits } = await model.forward({ inputIds, attentionMask, ...inputsOf(config) });
      expect(logits!.data.every(Number.isFinite)).toBe(true);
      const { logits: alone } = await model.forward({ inputIds, ...inputsOf(config) });
      const half = logits!.data.length / 2;
      logits!.data.slice(half).forEach((x, i) => expect(x).toBeCloseTo(alone!.data[half + i]!, 5));
    },
  );

  it("counts RoBERTa's positions over tokens other than padding", async () => {
    const model = modelOf({ ...sizes, model_type: "roberta", pad_token_id: 1 });
    const rows = [
      [3, 4, 5, 1, 1],
      [1, 1, 3, 4, 5],
    ];
    const attentionMask = rows.map((row) => row.map((id) => Number(id !== 1)));
    const { logits } = await model.forward({ inputIds: rows, attentionMask });
    const width = logits!.shape[2]!;
    const real = (row: number, first: number): Float32Array =>
      logits!.data.slice((row * 5 + first) * width, (row * 5 + first + 3) * width);
    real(1, 2).forEach((x, i) => expect(x).toBeCloseTo(real(0, 0)[i]!, 5));
  });

  it("learns to copy with the original transformer", async () => {
    const model = modelOf(marian);
    const { network } = model.architecture;
    const variant = {
      hasMask: false,
      hasPositions: false,
      hasLabels: true,
      logits: "none",
    } as const;
    const { loss } = languageModelProgram(network, {
      batch: 2,
      tokens: 5,
      decoderTokens: 3,
      ...variant,
    });
    const weights = topologicalOrder([loss!]).filter(
      ({ operation }) => operation.name === "parameter",
    );
    const slopes = gradients(loss!, weights);
    const outputs = Object.fromEntries(
      weights.map(({ attributes }, i) => [
        `gradient.${(attributes as { name: string }).name}`,
        slopes[i]!,
      ]),
    );
    const labels = [3, 4, 5, 8, 9, 10];
    const parameters = new Map(model.parameters);
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      const at = new Model({ config: marian, runtime, parameters });
      // oxlint-disable-next-line no-await-in-loop
      const results = await evaluateWith(runtime)(
        { loss: loss!, ...outputs },
        {
          inputIds: integers(Int32Array.from(inputIds.flat()), [2, 5]),
          decoderInputIds: integers(Int32Array.from(decoderInputIds.flat()), [2, 3]),
          labels: integers(Int32Array.from(labels), [2, 3]),
          ...parameterFeeds(at),
        },
      );
      losses.push(results["loss"]!.data[0]!);
      for (const [name, data] of parameters) {
        const slope = results[`gradient.${name}`]?.data;
        if (slope)
          parameters.set(
            name,
            data.map((x, i) => x - 0.2 * slope[i]!),
          );
      }
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3);
  });

  it.each<[string, Config, string]>([
    ["a convolution", { ...deberta, conv_kernel_size: 3 }, "conv_kernel_size"],
    ["an unknown term", { ...deberta, pos_att_type: ["p2p"] }, "pos_att_type"],
    [
      "groups of layers",
      { ...sizes, model_type: "albert", num_hidden_groups: 2 },
      "num_hidden_groups",
    ],
    ["clamped distances", { ...xlnet, clamp_len: 5 }, "clamp_len"],
    [
      "a table without positions",
      { ...sizes, model_type: "roberta", pad_token_id: 11 },
      "max_position_embeddings",
    ],
    ["two vocabularies", { ...marian, decoder_vocab_size: 21 }, "decoder_vocab_size"],
    [
      "an absurd distance",
      { ...t5, relative_attention_max_distance: 2 ** 40 },
      "relative_attention_max_distance",
    ],
  ])("refuses %s", (_, config, key) => {
    expect(
      () =>
        modelOf(config).architecture &&
        languageModelProgram(build(config).network, {
          batch: 1,
          tokens: 2,
          decoderTokens: 2,
          hasMask: false,
          hasPositions: false,
          hasLabels: false,
          logits: "all",
        }),
    ).toThrow(key);
  });
});
