/** Where encoder–decoders keep their tables: of tokens, and of distances. */

import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture } from "orrery-lm/models";
import { expect, it } from "vitest";

const bart = {
  d_model: 6,
  vocab_size: 7,
  max_position_embeddings: 8,
  encoder_layers: 1,
  decoder_layers: 1,
  encoder_attention_heads: 3,
  decoder_attention_heads: 2,
  encoder_ffn_dim: 5,
  decoder_ffn_dim: 4,
};
const t5 = { d_model: 6, d_kv: 2, d_ff: 5, num_heads: 3, num_layers: 2, vocab_size: 7 };

const encoderTable = "model.encoder.embed_tokens.weight";
const decoderTable = "model.decoder.embed_tokens.weight";
const biasOf = (stack: string, layer: number): string =>
  `${stack}.block.${layer}.layer.0.SelfAttention.relative_attention_bias.weight`;

type Place = readonly [tensor: string, parameter: string];

it.each<[string, Readonly<Record<string, unknown>>, readonly Place[]]>([
  [
    "BART, tied: one table of tokens",
    { ...bart, model_type: "bart" },
    [["model.shared.weight", "embedding.weight"]],
  ],
  [
    "BART, untied: a table for each stack, and a head",
    { ...bart, model_type: "bart", tie_word_embeddings: false },
    [
      [encoderTable, "encoderEmbedding.weight"],
      [decoderTable, "embedding.weight"],
      ["lm_head.weight", "head.weight"],
    ],
  ],
  [
    "T5: a table of distances for each stack",
    { ...t5, model_type: "t5" },
    [
      [biasOf("encoder", 0), "encoder.positions.weight"],
      [biasOf("decoder", 0), "decoder.positions.weight"],
    ],
  ],
  [
    "umT5: a table of distances for each layer",
    { ...t5, model_type: "umt5" },
    ["encoder", "decoder"].flatMap((stack) =>
      [0, 1].map((i): Place => [
        biasOf(stack, i),
        `${stack}.layers.${i}.attention.relative.weight`,
      ]),
    ),
  ],
])("%s", (_, config, places) => {
  const { storage } = createArchitecture(new ConfigReader(config));
  const tables = storage.filter(({ tensor }) =>
    /embed_tokens|model.shared|lm_head|relative_attention_bias/.test(tensor),
  );
  const found = tables.map(({ tensor, parameters }): Place => [tensor, parameters.join()]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(places));
});

it.each([
  ["from 0 on", { pad_token_id: 0 }, 1],
  ["behind the padding's id", { pad_token_id: 1 }, 2],
])("M2M-100 counts positions %s", (_, keys, offset) => {
  const config = { ...bart, model_type: "m2m_100", ...keys };
  const { network } = createArchitecture(new ConfigReader(config));
  const { positions } = network.describe!().parts["encoder"]!.parts;
  expect(positions!.options["offset"]).toBe(offset);
});
