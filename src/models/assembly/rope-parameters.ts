/** Rotary position encodings from config.json. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import { RotaryEmbedding, type RotaryEmbeddingOptions } from "orrery-lm/nn";
import { rotaryScaling } from "./rope-scaling.ts";
import { RopeSection } from "./rope-section.ts";

/** What a page knows about its rotary encoding. */
export interface RopeOptions extends Pick<RotaryEmbeddingOptions, "headDim" | "layout"> {
  /** Share of the channels that are turned where the file does not say; without it all, always. */
  partial?: number;
  /** The base where the file does not say. @default 10000 */
  theta?: number;
  /** Whose parameters are wanted, for families with several. */
  layerType?: string;
}

/**
 * Reads everything that config.json says about RoPE, under all names that families have for it:
 * `rope_parameters` (also by layer type), `rope_scaling`, and keys beside them.
 *
 * @throws {ConfigError} if a number is missing or cannot work, two places contradict each other, or
 *   there is a key that would change nothing.
 */
export function ropeFrom(config: ConfigReader, options: RopeOptions): RotaryEmbedding {
  const { headDim, layout = "half-split", layerType } = options;
  const section = new RopeSection(config, layerType);
  const local = "rope_local_base_freq"; // Gemma 3's old name for the base of its windows
  if (layerType === "sliding_attention" && config.has(local))
    return new RotaryEmbedding({ headDim, layout, theta: config.positive(local, 10_000) });
  const theta = thetaOf(config, section, options.theta ?? 10_000);
  const rotaryDim = rotaryDimOf(config, section, options);
  const scaling = rotaryScaling({ section, config, rotaryDim });
  return new RotaryEmbedding({ headDim, rotaryDim, theta, layout, scaling });
}

function thetaOf(config: ConfigReader, section: RopeSection, byDefault: number): number {
  const given = section.optional("rope_theta", "rope_theta", "rotary_emb_base");
  // ChatGLM's files have what their base is multiplied by.
  const ratio = config.has("rope_ratio") ? config.positive("rope_ratio", 1) : 1;
  return (given ?? config.positive("rope_theta", byDefault)) * ratio;
}

function rotaryDimOf(
  config: ConfigReader,
  section: RopeSection,
  { headDim, partial }: RopeOptions,
): number {
  if (section.type === "proportional") return headDim;
  const whole = partial ?? 1;
  const names = ["partial_rotary_factor", "rotary_pct", "rope_pct", "rope_percent"];
  // transformers writes the family's default beside `rope_parameters`, whatever they say.
  const isStale = (name: string): boolean =>
    section.has("partial_rotary_factor") && config.has(name) && config.values[name] === partial;
  const others = names.filter((name) => !isStale(name));
  const share = section.optional("partial_rotary_factor", ...others) ?? whole;
  if (share > 1 || (partial === undefined && share !== 1)) {
    const expected =
      partial === undefined ? "1, since this family turns all channels" : "at most 1";
    throw new ConfigError(
      `config.json: partial_rotary_factor: expected ${expected}, got ${share}; the model might compute something else`,
    );
  }
  const rotaryDim = Math.floor(headDim * share);
  if (rotaryDim % 2 !== 0 || rotaryDim === 0) {
    throw new ConfigError(
      `config.json: partial_rotary_factor: expected an even number of channels that are turned, got ${rotaryDim} of ${headDim}`,
    );
  }
  return rotaryDim;
}
