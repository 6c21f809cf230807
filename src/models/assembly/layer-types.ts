/** Which layers look how far. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";

/** Whether a layer sees everything before it, or a window. */
export type LayerType = "full_attention" | "sliding_attention";

const known: readonly unknown[] = ["full_attention", "sliding_attention"];

/**
 * The type of each layer: `layer_types`, or the family's rule where the key is missing.
 *
 * @param byDefault of layer i
 * @throws {ConfigError} if there are not as many types as layers, or one is unknown.
 */
export function layerTypes(
  config: ConfigReader,
  numLayers: number,
  byDefault: (layer: number) => LayerType,
): LayerType[] {
  if (!config.has("layer_types")) return Array.from({ length: numLayers }, (_, i) => byDefault(i));
  const types = config.values["layer_types"];
  if (
    !Array.isArray(types) ||
    types.length !== numLayers ||
    !types.every((type) => known.includes(type))
  ) {
    throw new ConfigError(
      `config.json: layer_types: expected ${numLayers} of ${known.join(", ")}, got ${JSON.stringify(types)}`,
    );
  }
  return types as LayerType[];
}

/** The window of a layer in places; undefined if it sees everything. */
export function windowOf(type: LayerType, window: number | undefined): number | undefined {
  return type === "sliding_attention" ? window : undefined;
}
