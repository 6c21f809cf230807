/** A small model of a kind that the registry tells of. */

import { ConfigError } from "orrery-lm/base";
import { familyKeys } from "./family-keys.ts";
import type { RegistryRow } from "./registry-row.ts";
import { missingParts } from "./missing-parts.ts";

/** Channels of a head. */
const HEAD = 16;
const LAYERS = 4;
const WINDOW = 8;

/**
 * A config.json of the row's family that makes the row's choices at a small size: position encoding
 * and its scaling, norm and eps, activation, how heads share keys, biases, windows, soft caps,
 * experts, tied embeddings. A head count that is no power of two stays none.
 *
 * @throws {ConfigError} if no page can express the row, with what is missing.
 */
export function tinyConfig(row: RegistryRow): Readonly<Record<string, unknown>> {
  const missing = missingParts[row.id];
  const keys = row.hfModelType === null ? undefined : familyKeys[row.hfModelType];
  if (missing !== undefined || !keys) {
    throw new ConfigError(
      `${row.id} cannot be built: there is no ${missing ?? "page for its family"}`,
    );
  }
  const all = valuesOf(row);
  const picked = keys.names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  return {
    model_type: row.hfModelType,
    ...Object.fromEntries(picked),
    ...keys.extra?.(row, all),
  };
}

/** Values under all names that families have for them. */
function valuesOf(row: RegistryRow): Record<string, unknown> {
  const heads = isPowerOfTwo(queryHeads(row)) ? 4 : 6;
  const keyHeads = keyValueHeads(row, heads);
  const hidden = heads * HEAD;
  const same = (names: string, value: unknown): Record<string, unknown> =>
    Object.fromEntries(names.split(" ").map((name) => [name, value]));
  const { moe, bias } = row;
  return {
    ...same("hidden_size d_model n_embd dim", hidden),
    ...same(
      "intermediate_size ffn_dim d_ff d_inner encoder_ffn_dim decoder_ffn_dim ffn_hidden_size hidden_dim",
      2 * hidden,
    ),
    ...same(
      "num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers num_decoder_layers",
      LAYERS,
    ),
    ...same(
      "num_attention_heads n_head n_heads num_heads attention_heads encoder_attention_heads decoder_attention_heads",
      heads,
    ),
    ...same("num_key_value_heads num_kv_heads", keyHeads),
    ...same("head_dim d_kv d_head query_pre_attn_scalar", HEAD),
    ...same("max_position_embeddings n_positions max_seq_len", 64),
    ...same(
      "hidden_act activation_function hidden_activation activation ff_activation afn",
      row.activation,
    ),
    ...same(
      "rms_norm_eps layer_norm_eps layer_norm_epsilon norm_eps norm_epsilon",
      row.normEps ?? undefined,
    ),
    ...same("attention_bias use_qkv_bias", bias.qkv),
    ...same("mlp_bias", bias.mlp),
    ...same("use_bias enable_bias bias", bias.qkv),
    vocab_size: 96,
    tie_word_embeddings: row.tiedEmbeddings ?? undefined,
    rope_parameters: ropeParameters(row),
    rotary_dim: row.ropeFraction === null ? undefined : HEAD * row.ropeFraction,
    sliding_window: row.slidingWindow === null ? null : WINDOW,
    attn_logit_softcapping: row.attnSoftcap ?? undefined,
    final_logit_softcapping: row.finalSoftcap ?? undefined,
    ...(moe && {
      ...same("num_local_experts num_experts n_routed_experts", 8),
      num_experts_per_tok: Math.min(moe.topK ?? 2, 2),
      moe_intermediate_size: hidden / 2,
    }),
  };
}

function ropeParameters({ ropeTheta, ropeFraction, ropeScaling }: RegistryRow): unknown {
  if (ropeTheta === null) return undefined;
  // What the registry says beside the file's own keys is no key.
  const { rope_type: type, factor_entries: _, ...scaling } = ropeScaling ?? {};
  const turned = Math.floor((HEAD * (ropeFraction ?? 1)) / 2);
  const factors = Array.from({ length: turned }, (_, i) => 1 + i / 4);
  return {
    rope_theta: ropeTheta,
    rope_type: type ?? "default",
    ...(ropeFraction !== null && ropeFraction !== 1 && { partial_rotary_factor: ropeFraction }),
    ...scaling,
    ...("original_max_position_embeddings" in scaling && { original_max_position_embeddings: 16 }),
    ...(type === "longrope" && {
      short_factor: factors.map(() => 1),
      long_factor: factors,
      original_max_position_embeddings: 16,
    }),
  };
}

function queryHeads({ headsQKv }: RegistryRow): number {
  return Number(/^\d+/.exec(headsQKv ?? "")?.[0] ?? 4);
}

function keyValueHeads({ attention, headsQKv }: RegistryRow, heads: number): number {
  const [, query, keys] = /^(\d+)\/(\d+)/.exec(headsQKv ?? "") ?? [];
  if (keys === "1" || (keys === undefined && attention.startsWith("mqa"))) return 1;
  if (query === keys && !attention.startsWith("gqa")) return heads;
  return 2;
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
