import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  MLP,
  RotaryEmbedding,
  SelfAttention,
  TransformerBlock,
  activationNames,
  parallelNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * GPT-J: attention and MLP in parallel behind one LayerNorm, RoPE of neighboring channels over the
 * first `rotary_dim`, no biases in attention, one at the head.
 *
 * @see Wang & Komatsuzaki 2021, https://github.com/kingoflolz/mesh-transformer-jax
 */
export function gptj(config: ConfigReader): Architecture {
  return gptjWith(config, {
    ...shared,
    "transformer.h.{i}.attn.q_proj": `${attention}.query`,
    "transformer.h.{i}.attn.k_proj": `${attention}.key`,
    "transformer.h.{i}.attn.v_proj": `${attention}.value`,
  });
}

/**
 * CodeGen: GPT-J whose files store queries, values and keys, in this order, in four slices of one
 * tensor, as its training on four devices left them.
 *
 * @see Nijkamp et al. 2022, https://arxiv.org/abs/2203.13474
 */
export function codegen(config: ConfigReader): Architecture {
  return gptjWith(config, {
    ...shared,
    "transformer.h.{i}.attn.qkv_proj": {
      parts: [`${attention}.query`, `${attention}.value`, `${attention}.key`],
      heads: 4,
    },
  });
}

function gptjWith(config: ConfigReader, tensors: StorageTable): Architecture {
  const hiddenSize = config.number("n_embd");
  const numHeads = config.number("n_head");
  const headDim = config.divide("n_embd", "n_head");
  const eps = config.positive("layer_norm_epsilon", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  config.has("n_positions"); // sinusoids of the reference's table; they go on behind it
  config.has("n_ctx");
  const rotaryDim = config.optionalNumber("rotary_dim", 64);
  const positions = new RotaryEmbedding({ headDim, rotaryDim, layout: "interleaved" });
  const norm = new LayerNorm({ size: hiddenSize, eps });
  const sizes = { hiddenSize, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...sizes,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim,
      hasBias: false,
      positions,
      isCausal: true,
    }),
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.optionalNumber("n_inner", 4 * hiddenSize),
      activation: config.choice("activation_function", activationNames, "gelu_new"),
      hasBias: true,
    }),
    residual: parallelNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: config.number("n_layer") }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    head: { hasBias: true },
    std,
  });
  const unused = [/\.attn\.(masked_bias|bias|causal_mask)$/];
  return { network, storage: storageOf(tensors, network.parameters()), unused };
}

const attention = "layers.{i}.attention";

const shared = {
  "transformer.wte": "embedding",
  "transformer.h.{i}.ln_1": "layers.{i}.attentionNorm",
  "transformer.h.{i}.attn.out_proj": `${attention}.output`,
  "transformer.h.{i}.mlp.fc_in": "layers.{i}.ffn.up",
  "transformer.h.{i}.mlp.fc_out": "layers.{i}.ffn.down",
  "transformer.ln_f": "finalNorm",
  lm_head: "head",
};
