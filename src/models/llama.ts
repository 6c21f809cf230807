import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  CausalLM,
  GatedMLP,
  RMSNorm,
  RotaryEmbedding,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
} from "orrery-lm/nn";
import { renamed, weightAndBias, weightOnly, type Architecture } from "./architecture.ts";
import type { StorageEntry } from "./storage.ts";

/**
 * Llama: pre-norm with RMSNorm, RoPE, grouped-query attention, SwiGLU, no biases.
 *
 * @see Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export function llama(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const numLayers = config.number("num_hidden_layers");
  const eps = config.positive("rms_norm_eps", 1e-6);
  const std = config.positive("initializer_range", 0.02);
  const hasBias = config.boolean("attention_bias", false);
  const hasFfnBias = config.boolean("mlp_bias", false);
  const headDim = config.has("head_dim")
    ? config.number("head_dim")
    : config.divide("hidden_size", "num_attention_heads");

  const positions = new RotaryEmbedding({ headDim, theta: ropeTheta(config) });
  const norm = (): RMSNorm => new RMSNorm({ size: hiddenSize, eps });
  const numKeyValueHeads = config.optionalNumber("num_key_value_heads", numHeads);
  const intermediateSize = config.number("intermediate_size");
  const activation = config.choice("hidden_act", activationNames, "silu");
  const block = (): TransformerBlock =>
    new TransformerBlock({
      attentionNorm: norm(),
      attention: new SelfAttention({
        hiddenSize,
        numHeads,
        numKeyValueHeads,
        headDim,
        hasBias,
        positions,
        isCausal: true,
        std,
        outputStd: std,
      }),
      ffnNorm: norm(),
      ffn: new GatedMLP({
        hiddenSize,
        intermediateSize,
        activation,
        hasBias: hasFfnBias,
        std,
        outputStd: std,
      }),
      residual: preNorm,
    });
  const tieWordEmbeddings = config.boolean("tie_word_embeddings", false);
  const network = new CausalLM({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, block),
    finalNorm: norm(),
    tieWordEmbeddings,
    std,
  });
  const suffixes = {
    attention: hasBias ? weightAndBias : weightOnly,
    ffn: hasFfnBias ? weightAndBias : weightOnly,
  };
  const storage = [
    { tensor: "model.embed_tokens.weight", parameters: ["embedding.weight"] },
    ...Array.from({ length: numLayers }, (_, i) => layerStorage(i, suffixes)).flat(),
    ...renamed("model.norm", "finalNorm", weightOnly),
    ...(tieWordEmbeddings ? [] : [{ tensor: "lm_head.weight", parameters: ["head.weight"] }]),
  ];
  return { network, storage };
}

const knownRopeKeys: readonly string[] = ["rope_theta", "rope_type", "type"];

/** The base of the rotary frequencies, from the new key (`rope_parameters`) or the old ones. */
function ropeTheta(config: ConfigReader): number {
  const parameters = config.section("rope_parameters") ?? config.section("rope_scaling");
  const type = parameters?.["rope_type"] ?? parameters?.["type"] ?? "default";
  if (type !== "default") {
    throw new ConfigError(
      `config.json: rope_type: this version knows "default", got ${JSON.stringify(type)}`,
    );
  }
  const unknown = Object.keys(parameters ?? {}).filter((key) => !knownRopeKeys.includes(key));
  if (unknown.length > 0) {
    throw new ConfigError(`config.json: the default rope_type does not know ${unknown.join(", ")}`);
  }
  const theta = parameters?.["rope_theta"] ?? undefined;
  if (theta === undefined) return config.positive("rope_theta", 10_000);
  if (typeof theta !== "number" || !(theta > 0)) {
    throw new ConfigError(
      `config.json: rope_theta: expected a positive number, got ${JSON.stringify(theta)}`,
    );
  }
  return theta;
}

function layerStorage(
  i: number,
  suffixes: { attention: readonly string[]; ffn: readonly string[] },
): StorageEntry[] {
  const [file, layer] = [`model.layers.${i}`, `layers.${i}`];
  const projections = { q_proj: "query", k_proj: "key", v_proj: "value", o_proj: "output" };
  return [
    ...renamed(`${file}.input_layernorm`, `${layer}.attentionNorm`, weightOnly),
    ...Object.entries(projections).flatMap(([name, part]) =>
      renamed(`${file}.self_attn.${name}`, `${layer}.attention.${part}`, suffixes.attention),
    ),
    ...renamed(`${file}.post_attention_layernorm`, `${layer}.ffnNorm`, weightOnly),
    ...["gate", "up", "down"].flatMap((name) =>
      renamed(`${file}.mlp.${name}_proj`, `${layer}.ffn.${name}`, suffixes.ffn),
    ),
  ];
}
