/** What latent attention does to its scale under YaRN. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";

/**
 * DeepSeek's factor on the scale of scores: RoPE's own attention factor would reach only the part
 * of each head that is turned, so it goes into the scale, squared, for queries and keys.
 *
 *     (0.1 · mscale_all_dim · ln factor + 1)²;  1 without scaling or without the key
 *
 * @throws {ConfigError} if one of the two is no number.
 * @see DeepSeek-AI 2024, §3.1.4, https://arxiv.org/abs/2405.04434
 */
export function yarnScale(config: ConfigReader): number {
  const rope = config.section("rope_parameters") ?? config.section("rope_scaling") ?? {};
  if ((rope["rope_type"] ?? rope["type"] ?? "default") === "default") return 1;
  const [factor, mscale] = [rope["factor"], rope["mscale_all_dim"] ?? 0];
  if (typeof factor !== "number" || typeof mscale !== "number") {
    throw new ConfigError(
      `config.json: factor and mscale_all_dim: expected numbers, got ${JSON.stringify(factor)} and ${JSON.stringify(mscale)}`,
    );
  }
  if (mscale === 0 || factor <= 1) return 1;
  return (0.1 * mscale * Math.log(factor) + 1) ** 2;
}
