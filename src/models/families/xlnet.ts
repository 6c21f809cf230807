import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  LayerNorm,
  MLP,
  SelfAttention,
  TransformerBlock,
  TransformerXlTerms,
  activationNames,
  noPositions,
  postNorm,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder, encoder } from "../assembly/language-models.ts";
import { storageOf, type StorageTable } from "../storage/storage-table.ts";

/**
 * XLNet, read in order: post-norm blocks with relative positions as in Transformer-XL, where each
 * token sees the whole text (`attn_type` "bi") or what is behind it ("uni"). What training on
 * permutations and pairs of texts needs (a second stream, segments) is kept and not used.
 *
 * @see Yang et al. 2019, https://arxiv.org/abs/1906.08237
 */
export function xlnet(config: ConfigReader): Architecture {
  const hiddenSize = config.number("d_model");
  const numHeads = config.number("n_head");
  const headDim = config.optionalNumber("d_head", config.divide("d_model", "n_head"));
  const std = config.positive("initializer_range", 0.02);
  const isCausal = config.choice("attn_type", ["bi", "uni"], "bi") === "uni";
  config.refuse("bi_data", false);
  config.refuse("same_length", false);
  config.refuse("untie_r", true);
  config.ignore("clamp_len", "mem_len", "reuse_len", "use_mems_eval", "use_mems_train");
  config.ignore("start_n_top", "end_n_top");
  if (Number(config.values["clamp_len"] ?? -1) > 0)
    throw new ConfigError("config.json: clamp_len: only distances that are not clamped (-1) work");

  const norm = new LayerNorm({ size: hiddenSize, eps: config.positive("layer_norm_eps", 1e-12) });
  const shared = { hiddenSize, std, outputStd: std };
  const block = new TransformerBlock({
    attentionNorm: norm,
    attention: new SelfAttention({
      ...shared,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim,
      hasBias: false,
      positions: noPositions,
      relative: new TransformerXlTerms({ hiddenSize, numHeads, headDim, std }),
      isCausal,
    }),
    ffnNorm: norm,
    ffn: new MLP({
      ...shared,
      intermediateSize: config.number("d_inner"),
      activation: config.choice("ff_activation", activationNames, "gelu"),
      hasBias: true,
    }),
    residual: postNorm,
  });
  const isTied = config.boolean("tie_word_embeddings", true);
  const kind = isCausal ? decoder : encoder;
  const network = kind({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions: noPositions,
    blocks: Array.from({ length: config.number("n_layer") }, () => block),
    isTied,
    head: { hasBias: true },
    std,
  });
  const view = [hiddenSize, numHeads, headDim];
  return {
    network,
    storage: storageOf(tensors(view, isTied), network.parameters()),
    unused: [/^transformer\.mask_emb$/, /\.(seg_embed|r_s_bias)$/],
  };
}

function tensors(view: readonly number[], isTied: boolean): StorageTable {
  const [layer, part] = ["transformer.layer.{i}", "layers.{i}"];
  const matrix = (name: string): StorageTable[string] => ({
    parts: [`${part}.attention.${name}.weight`],
    isTransposed: true,
    view,
  });
  return {
    "transformer.word_embedding.weight": {
      parts: ["embedding.weight"],
      copies: isTied ? ["lm_loss.weight"] : [],
    },
    lm_loss: "head",
    [`${layer}.rel_attn.q`]: matrix("query"),
    [`${layer}.rel_attn.k`]: matrix("key"),
    [`${layer}.rel_attn.v`]: matrix("value"),
    [`${layer}.rel_attn.r`]: matrix("relative.projection"),
    [`${layer}.rel_attn.o`]: { parts: [`${part}.attention.output.weight`], view },
    [`${layer}.rel_attn.r_w_bias`]: `${part}.attention.relative.contentBias`,
    [`${layer}.rel_attn.r_r_bias`]: `${part}.attention.relative.positionBias`,
    [`${layer}.rel_attn.layer_norm`]: `${part}.attentionNorm`,
    [`${layer}.ff.layer_1`]: `${part}.ffn.up`,
    [`${layer}.ff.layer_2`]: `${part}.ffn.down`,
    [`${layer}.ff.layer_norm`]: `${part}.ffnNorm`,
  };
}
