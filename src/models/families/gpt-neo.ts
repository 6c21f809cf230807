import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  LearnedEmbedding,
  MLP,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * GPT-Neo: GPT-2 with plain matrices, a window in every other layer, no biases on queries, keys and
 * values, and scores that are not divided by √D.
 *
 * @see Black et al. 2021, https://doi.org/10.5281/zenodo.5297715
 */
export function gptNeo(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_heads");
  const std = config.positive("initializer_range", 0.02);
  const maxPositions = config.number("max_position_embeddings");
  const positions = new LearnedEmbedding({ hiddenSize, maxPositions, std });
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const sizes = { hiddenSize, std, outputStd: std };
  const size = config.optionalNumber("window_size", 256);
  const ffn = new MLP({
    ...sizes,
    intermediateSize: config.optionalNumber("intermediate_size", 4 * hiddenSize),
    activation: config.choice("activation_function", activationNames, "gelu_new"),
    hasBias: true,
  });
  const headDim = config.divide("hidden_size", "num_heads");
  const heads = { numHeads, numKeyValueHeads: numHeads, headDim, scale: 1 };
  const block = (window: number | undefined): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({
        ...sizes,
        ...heads,
        hasBias: false,
        hasOutputBias: true,
        positions,
        isCausal: true,
        window,
      }),
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: localLayers(config).map((isLocal) => block(isLocal ? size : undefined)),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", true),
    std,
  });
  const unused = [/\.attn\.attention\.(masked_)?bias$/];
  return { network, storage: storageOf(tensors, network.parameters()), unused };
}

/** Which layers have a window: `attention_types` repeats lists of "global" and "local". */
function localLayers(config: ConfigReader): boolean[] {
  const numLayers = config.number("num_layers");
  const given = config.has("attention_layers") ? config.values["attention_layers"] : undefined;
  const types = config.has("attention_types") ? config.values["attention_types"] : [];
  const repeated = Array.isArray(types) ? types.flatMap(repeat) : [];
  const layers: unknown = given ?? repeated;
  const isGood =
    Array.isArray(layers) &&
    layers.length === numLayers &&
    layers.every((layer) => layer === "global" || layer === "local");
  if (!isGood) {
    throw new ConfigError(
      `config.json: attention_types: expected "global" or "local" for each of ${numLayers} layers, as in [[["global", "local"], ${numLayers / 2}]], got ${JSON.stringify(given ?? types)}`,
    );
  }
  return layers.map((layer) => layer === "local");
}

/** No model has more layers; a hostile file may say so. */
const MOST_LAYERS = 10_000;

function repeat(group: unknown): unknown[] {
  if (!Array.isArray(group)) return [];
  const [kinds, times] = group as unknown[];
  if (!Array.isArray(kinds) || typeof times !== "number" || !(times * kinds.length < MOST_LAYERS))
    return [];
  return Array.from({ length: times }, () => kinds as unknown[]).flat();
}

const attention = "layers.{i}.attention";

const tensors = {
  "transformer.wte": "embedding",
  "transformer.wpe": "positions",
  "transformer.h.{i}.ln_1": "layers.{i}.attentionNorm",
  "transformer.h.{i}.attn.attention.q_proj": `${attention}.query`,
  "transformer.h.{i}.attn.attention.k_proj": `${attention}.key`,
  "transformer.h.{i}.attn.attention.v_proj": `${attention}.value`,
  "transformer.h.{i}.attn.attention.out_proj": `${attention}.output`,
  "transformer.h.{i}.ln_2": "layers.{i}.ffnNorm",
  "transformer.h.{i}.mlp.c_fc": "layers.{i}.ffn.up",
  "transformer.h.{i}.mlp.c_proj": "layers.{i}.ffn.down",
  "transformer.ln_f": "finalNorm",
  lm_head: "head",
};
