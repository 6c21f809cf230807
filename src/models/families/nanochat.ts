import type { ConfigReader } from "orrery-lm/formats";
import {
  MLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  preNorm,
  reversed,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { attentionSizes } from "../assembly/attention-sizes.ts";
import { decoder } from "../assembly/language-models.ts";
import { ropeFrom } from "../assembly/rope-parameters.ts";
import { storageOf } from "../storage/storage-table.ts";

/**
 * nanochat: RMSNorm without gains everywhere, on the embeddings too; RoPE that turns the other way,
 * and queries and keys normalized behind it; squared ReLU; soft-capped logits.
 *
 * @see Karpathy 2025, https://github.com/karpathy/nanochat
 */
export function nanochat(config: ConfigReader): Architecture {
  const sizes = attentionSizes(config);
  const { hiddenSize, headDim, std } = sizes;
  const numLayers = config.number("num_hidden_layers");
  const outputStd = std / Math.sqrt(2 * numLayers);
  const eps = config.positive("rms_norm_eps", 1e-6);

  const positions = reversed(ropeFrom(config, { headDim }));
  const norm = new RMSNorm({ size: hiddenSize, eps, gain: "none" });
  const headNorm = new RMSNorm({ size: headDim, eps, gain: "none" });
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...sizes,
      outputStd,
      hasBias: config.boolean("attention_bias", false),
      positions,
      isCausal: true,
      queryKeyNorm: { query: headNorm, key: headNorm, over: "head", place: "behind" },
    }),
    ffnNorm: norm,
    ffn: new MLP({
      ...sizes,
      intermediateSize: config.number("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "relu2"),
      hasBias: false,
    }),
    residual: preNorm,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    embeddingNorm: norm,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: norm,
    isTied: config.boolean("tie_word_embeddings", false),
    head: { softCap: config.nullable("final_logit_softcapping", 15) },
    std,
  });
  return { network, storage: storageOf(tensors, network.parameters()) };
}

const tensors = {
  "model.embed_tokens": "embedding",
  "model.layers.{i}.self_attn.q_proj": "layers.{i}.attention.query",
  "model.layers.{i}.self_attn.k_proj": "layers.{i}.attention.key",
  "model.layers.{i}.self_attn.v_proj": "layers.{i}.attention.value",
  "model.layers.{i}.self_attn.o_proj": "layers.{i}.attention.output",
  "model.layers.{i}.mlp.fc1": "layers.{i}.ffn.up",
  "model.layers.{i}.mlp.fc2": "layers.{i}.ffn.down",
  lm_head: "head",
};
