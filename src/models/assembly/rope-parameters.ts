/** Rotary position encodings from config.json. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";

const knownRopeKeys: readonly string[] = ["rope_theta", "rope_type", "type"];

/** The base of the rotary frequencies, from the new key (`rope_parameters`) or the old ones. */
export function ropeTheta(config: ConfigReader): number {
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
