import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  MixtureOfExperts,
  RMSNorm,
  SelfAttention,
  SoftmaxRouter,
  TransformerBlock,
  clampedSwiglu,
  preNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { layerTypes, windowOf, type LayerType } from "../assembly/layer-types.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";
import { llamaTensors } from "./llama.ts";

/**
 * gpt-oss: experts with a clamped SwiGLU, biases everywhere, every other layer looking through a
 * window, and for each head a learned score for seeing nothing. All experts of a layer lie in one
 * tensor, as [in, out], gate and value in alternating columns.
 *
 * @see OpenAI 2025, https://arxiv.org/abs/2508.10925
 */
export function gptOss(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const intermediateSize = config.number("intermediate_size");
  config.choice("hidden_act", ["silu"], "silu");
  const positions = ropeFrom(config, { headDim });
  const norm = new RMSNorm({ size: hiddenSize, eps: config.positive("rms_norm_eps", 1e-5) });
  const hasBias = config.boolean("attention_bias", true);
  const attention = { ...sizes, hasBias, positions, isCausal: true, hasSinks: true };
  const ffn = new MixtureOfExperts({
    router: new SoftmaxRouter({
      hiddenSize,
      numExperts: config.number("num_local_experts"),
      topK: config.number("num_experts_per_tok"),
      isNormalized: true,
      hasBias: true,
      std,
    }),
    expert: new GatedMLP({
      ...sizes,
      intermediateSize,
      activation: clampedSwiglu(config.positive("swiglu_limit", 7)),
      hasBias: true,
    }),
  });
  const window = config.nullable("sliding_window", 128);
  const block = (type: LayerType): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm,
      attention: new SelfAttention({ ...attention, window: windowOf(type, window) }),
      ffnNorm: norm,
      ffn,
      residual: preNorm,
    });
  const types = layerTypes(config, config.number("num_hidden_layers"), (i) =>
    i % 2 === 0 ? "sliding_attention" : "full_attention",
  );
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: types.map(block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    std,
  });
  return { network, storage: storageOf(tensors(intermediateSize), network.parameters()) };
}

const tensors = (rows: number): StorageTable => {
  const expert = "layers.{i}.ffn.experts.{e}";
  const inwards = (kind: string) => ({
    parts: [`${expert}.gate.${kind}`, `${expert}.up.${kind}`],
    heads: rows,
    isTransposed: true,
  });
  const outwards = (kind: string) => ({ parts: [`${expert}.down.${kind}`], isTransposed: true });
  return {
    ...llamaTensors,
    "model.layers.{i}.self_attn.sinks": "layers.{i}.attention.sinks",
    "model.layers.{i}.mlp.router": "layers.{i}.ffn.router",
    "model.layers.{i}.mlp.experts.gate_up_proj": inwards("weight"),
    "model.layers.{i}.mlp.experts.gate_up_proj_bias": inwards("bias"),
    "model.layers.{i}.mlp.experts.down_proj": outwards("weight"),
    "model.layers.{i}.mlp.experts.down_proj_bias": outwards("bias"),
  };
};
