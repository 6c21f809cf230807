import { readFileSync } from "node:fs";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, type Architecture } from "orrery-lm/models";
import { families, type Family } from "./reference.ts";

/** What a config.json says. */
export type Config = Readonly<Record<string, unknown>>;

/** Of the models in goldens/models. */
export const golden: Record<Family, Config> = Object.fromEntries(
  families.map((family) => {
    const url = new URL(`../../goldens/models/${family}/config.json`, import.meta.url);
    return [family, JSON.parse(readFileSync(url, "utf8")) as Config];
  }),
) as Record<Family, Config>;

/** Of a decoder of ours. */
export const ours: Config = {
  model_type: "orrery",
  vocab_size: 40,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 8,
  position_encoding: "rope",
};

/** The model that a config.json describes. */
export function build(config: Config): Architecture {
  return createArchitecture(new ConfigReader(config));
}
