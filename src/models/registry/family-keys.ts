/** Which keys the config.json of a family has, for small models of it. */

import type { RegistryRow } from "./registry-row.ts";

/** The keys of a family. */
export interface FamilyKeys {
  /** Those whose values all families share under one name or another. */
  readonly names: readonly string[];
  /** Those that only it has. */
  readonly extra?: (
    row: RegistryRow,
    values: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
}

const words = (text: string): string[] => text.split(" ");
const sizes = "vocab_size tie_word_embeddings";
const bertNames = words(
  `${sizes} hidden_size intermediate_size num_hidden_layers num_attention_heads hidden_act max_position_embeddings layer_norm_eps`,
);
const gptNames = words(`${sizes} n_embd n_head n_layer n_positions`);
const blockNames = `${sizes} hidden_size intermediate_size num_hidden_layers num_attention_heads max_position_embeddings`;
const ropeNames = `${blockNames} num_key_value_heads rope_parameters`;
const llamaNames = words(`${ropeNames} hidden_act rms_norm_eps`);
const gemmaNames = words(`${ropeNames} head_dim rms_norm_eps`);
const with_ = (names: readonly string[], more: string): FamilyKeys => ({
  names: [...names, ...words(more)],
});
const bartNames = words(
  `${sizes} d_model encoder_layers decoder_layers encoder_attention_heads decoder_attention_heads encoder_ffn_dim decoder_ffn_dim max_position_embeddings activation_function`,
);
const t5: FamilyKeys = {
  names: words(`${sizes} d_model d_kv d_ff num_layers num_heads layer_norm_epsilon`),
  extra: ({ ffn, activation }) => ({
    feed_forward_proj:
      ffn === "plain" ? activation : `gated-${activation === "gelu_new" ? "gelu" : activation}`,
  }),
};

/** Latent attention, and experts behind a first dense layer. */
const deepseek: FamilyKeys = {
  names: words(
    `${blockNames} intermediate_size hidden_act rms_norm_eps rope_parameters n_routed_experts num_experts_per_tok moe_intermediate_size`,
  ),
  extra: ({ moe }) => ({
    q_lora_rank: 24,
    kv_lora_rank: 16,
    qk_nope_head_dim: 16,
    qk_rope_head_dim: 8,
    v_head_dim: 16,
    first_k_dense_replace: 1,
    n_shared_experts: moe?.shared ?? 1,
  }),
};

/** By `model_type`. */
export const familyKeys: Readonly<Record<string, FamilyKeys>> = {
  albert: { names: bertNames, extra: () => ({ embedding_size: 16 }) },
  baichuan: {
    names: words(
      `${sizes} hidden_size intermediate_size num_hidden_layers num_attention_heads hidden_act rms_norm_eps`,
    ),
    // The length tells the two kinds apart, see the family's page.
    extra: ({ position }) =>
      position === "alibi" ? { model_max_length: 64 } : { max_position_embeddings: 64 },
  },
  bart: { names: bartNames },
  bert: { names: bertNames },
  bloom: { names: words(`${sizes} hidden_size n_head n_layer layer_norm_epsilon`) },
  codegen: with_(gptNames, "activation_function layer_norm_epsilon rotary_dim"),
  cohere: {
    names: words(`${ropeNames} hidden_act layer_norm_eps attention_bias`),
    extra: () => ({ logit_scale: 0.0625 }),
  },
  cohere2: {
    names: words(`${ropeNames} hidden_act layer_norm_eps sliding_window attention_bias`),
    extra: () => ({ logit_scale: 0.25 }),
  },
  "deberta-v2": {
    names: bertNames,
    extra: () => ({
      relative_attention: true,
      pos_att_type: ["p2c", "c2p"],
      position_buckets: 16,
      max_relative_positions: -1,
      position_biased_input: false,
      share_att_key: true,
      norm_rel_ebd: "layer_norm",
      type_vocab_size: 0,
    }),
  },
  deepseek_v2: deepseek,
  deepseek_v3: {
    ...deepseek,
    extra: (row, all) => ({ ...deepseek.extra?.(row, all), n_group: 2, topk_group: 1 }),
  },
  electra: { names: bertNames, extra: () => ({ embedding_size: 16 }) },
  falcon: {
    names: words(`${sizes} hidden_size num_hidden_layers num_attention_heads activation bias`),
    extra: ({ position, parallelBlock, attention, bias }, values) => ({
      alibi: position === "alibi",
      bias: bias.qkv,
      parallel_attn: parallelBlock !== false,
      new_decoder_architecture: parallelBlock === "two norms",
      multi_query: attention.startsWith("mqa"),
      ...(parallelBlock === "two norms" && { num_kv_heads: values["num_kv_heads"] }),
      ...(position !== "alibi" && { rope_parameters: values["rope_parameters"] }),
    }),
  },
  gemma: with_(gemmaNames, "hidden_act"),
  gemma2: with_(
    gemmaNames,
    "hidden_activation sliding_window query_pre_attn_scalar attn_logit_softcapping final_logit_softcapping",
  ),
  gemma3_text: {
    names: words(
      `${blockNames} num_key_value_heads head_dim rms_norm_eps hidden_activation sliding_window query_pre_attn_scalar`,
    ),
    extra: (_, { rope_parameters: full }) => ({
      rope_parameters: {
        full_attention: full,
        sliding_attention: { rope_theta: 10000, rope_type: "default" },
      },
      layer_types: [
        "sliding_attention",
        "sliding_attention",
        "sliding_attention",
        "full_attention",
      ],
    }),
  },
  glm: with_(llamaNames, "head_dim attention_bias"),
  glm4: with_(llamaNames, "head_dim attention_bias"),
  gpt2: with_(gptNames, "activation_function layer_norm_epsilon"),
  gpt_neo: {
    names: words(
      `${sizes} hidden_size intermediate_size num_layers num_heads max_position_embeddings activation_function layer_norm_epsilon`,
    ),
    extra: () => ({ attention_types: [[["global", "local"], 2]], window_size: 8 }),
  },
  gpt_neox: {
    names: words(`${blockNames} hidden_act layer_norm_eps rope_parameters attention_bias`),
    extra: ({ parallelBlock }) => ({ use_parallel_residual: parallelBlock !== false }),
  },
  gpt_oss: {
    names: words(
      `${ropeNames} head_dim rms_norm_eps attention_bias sliding_window num_local_experts num_experts_per_tok`,
    ),
  },
  gptj: with_(gptNames, "activation_function layer_norm_epsilon rotary_dim"),
  granite: {
    names: [...llamaNames, "attention_bias", "mlp_bias"],
    extra: () => ({
      embedding_multiplier: 12,
      residual_multiplier: 0.22,
      attention_multiplier: 1 / 64,
      logits_scaling: 8,
    }),
  },
  llama: with_(llamaNames, "attention_bias mlp_bias"),
  mistral: with_(llamaNames, "sliding_window"),
  mixtral: with_(llamaNames, "sliding_window num_local_experts num_experts_per_tok"),
  modernbert: {
    names: words(`${blockNames} hidden_activation norm_eps`),
    extra: () => ({
      global_attn_every_n_layers: 3,
      local_attention: 8,
      rope_parameters: {
        full_attention: { rope_theta: 160000, rope_type: "default" },
        sliding_attention: { rope_theta: 10000, rope_type: "default" },
      },
    }),
  },
  mpt: {
    names: words(`${sizes} d_model n_heads n_layers max_seq_len layer_norm_epsilon`),
    extra: () => ({
      no_bias: true,
      expansion_ratio: 2,
      attn_config: { alibi: true, alibi_bias_max: 8 },
    }),
  },
  mt5: t5,
  nanochat: with_(llamaNames, "final_logit_softcapping attention_bias"),
  nemotron: with_(words(`${ropeNames} hidden_act norm_eps`), "head_dim attention_bias mlp_bias"),
  olmo: { names: words(`${ropeNames} hidden_act attention_bias`) },
  olmo2: with_(llamaNames, "attention_bias"),
  olmoe: with_(llamaNames, "attention_bias num_experts num_experts_per_tok"),
  "openai-gpt": with_(gptNames, "afn layer_norm_epsilon"),
  opt: {
    names: words(
      `${sizes} hidden_size ffn_dim num_hidden_layers num_attention_heads max_position_embeddings activation_function enable_bias`,
    ),
    extra: ({ normPlacement }) => ({
      do_layer_norm_before: normPlacement === "pre",
      word_embed_proj_dim: normPlacement === "pre" ? 64 : 32,
    }),
  },
  pegasus: { names: bartNames },
  persimmon: {
    names: words(`${blockNames} hidden_act layer_norm_eps rope_parameters`),
    extra: () => ({ qk_layernorm: true }),
  },
  phi: with_(words(`${ropeNames} hidden_act layer_norm_eps`), "num_key_value_heads"),
  phi3: {
    names: [...llamaNames, "sliding_window"],
    extra: (_, { rope_parameters: rope }) =>
      (rope as { rope_type: string }).rope_type === "longrope"
        ? { original_max_position_embeddings: 16 }
        : {},
  },
  qwen2: { names: llamaNames },
  qwen3: with_(llamaNames, "head_dim attention_bias"),
  qwen3_moe: {
    names: [
      ...llamaNames,
      ...words("head_dim attention_bias num_experts num_experts_per_tok moe_intermediate_size"),
    ],
    extra: () => ({ norm_topk_prob: true, decoder_sparse_step: 1, mlp_only_layers: [] }),
  },
  roberta: { names: bertNames },
  smollm3: {
    names: [...llamaNames, "attention_bias", "mlp_bias"],
    extra: () => ({ no_rope_layers: [1, 1, 1, 0] }),
  },
  stablelm: {
    names: words(`${ropeNames} hidden_act layer_norm_eps use_qkv_bias`),
    extra: () => ({ qk_layernorm: false, use_parallel_residual: false }),
  },
  starcoder2: with_(words(`${ropeNames} hidden_act norm_epsilon`), "use_bias sliding_window"),
  t5,
  xglm: {
    names: words(
      `${sizes} d_model attention_heads ffn_dim num_layers max_position_embeddings activation_function`,
    ),
    extra: () => ({ scale_embedding: true }),
  },
  xlnet: {
    names: words(`${sizes} d_model n_head d_head d_inner n_layer ff_activation layer_norm_eps`),
    extra: () => ({ attn_type: "bi" }),
  },
};
