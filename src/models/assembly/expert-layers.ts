/** Which layers of a model have a mixture of experts. */

import type { ConfigReader } from "orrery-lm/formats";

/**
 * For each layer whether it has experts: every `decoder_sparse_step`-th, but none of those that
 * `mlp_only_layers` names.
 */
export function expertLayers(config: ConfigReader, numLayers: number): boolean[] {
  const step = config.optionalNumber("decoder_sparse_step", 1);
  const plain = config.counts("mlp_only_layers");
  return Array.from({ length: numLayers }, (_, i) => !plain.includes(i) && (i + 1) % step === 0);
}
