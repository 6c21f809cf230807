/** Sizes beyond which a config.json is hostile or damaged. */

import { ConfigError } from "orrery-lm/base";
import type { ParameterSpecs } from "orrery-lm/nn";

/** Keys of sizes that memory is taken for before any weight is read, and more than any model has. */
const limits: readonly (readonly [keys: RegExp, limit: number])[] = [
  [/(^|_)(layers?|layer_num|experts)$/, 2 ** 12],
  [/(^|_)(heads?|head_num|num_heads)$/, 2 ** 14],
  [/(max_distance|num_buckets|position_buckets|max_relative_positions)$/, 2 ** 20],
  [
    /(^|_)(d_model|n_embd|d_ff|d_kv|d_inner|dim|rank|n_inner)$|(hidden|intermediate|embedding)_size$/,
    2 ** 24,
  ],
  [/vocab_size$|positions$|(^|_)(window|n_ctx|max_seq_len)$|sliding_window$/, 2 ** 31 - 1],
];

/** Layers times experts: each pair has parameters with names of their own. */
const MAX_EXPERTS = 2 ** 17;

/** @throws {ConfigError} if a size is so large that building the network would not end, or take all memory. */
export function checkSizes(values: Readonly<Record<string, unknown>>): void {
  const largest = { layers: 1, experts: 1 };
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== "number") continue;
    for (const [keys, limit] of limits) {
      if (value > limit && keys.test(key))
        throw new ConfigError(
          `config.json: ${key}: expected at most ${limit}, got ${value}; is the file damaged?`,
        );
    }
    if (/layers?$/.test(key)) largest.layers = Math.max(largest.layers, value);
    if (key.endsWith("experts")) largest.experts = Math.max(largest.experts, value);
  }
  const { layers, experts } = largest;
  if (layers * experts > MAX_EXPERTS)
    throw new ConfigError(
      `config.json: expected at most ${MAX_EXPERTS} experts in all layers, got ${layers} layers of ${experts}`,
    );
}

/** @throws {ConfigError} if a parameter would have more numbers than can be counted. */
export function checkParameterSizes(specs: ParameterSpecs): void {
  for (const [name, { shape }] of Object.entries(specs)) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count > Number.MAX_SAFE_INTEGER)
      throw new ConfigError(
        `config.json: ${name} would have the shape [${shape.join(", ")}], more numbers than can be counted; is the file damaged?`,
      );
  }
}
