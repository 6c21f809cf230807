/** Scalings of RoPE from config.json, by the names that files give them. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  dynamicNtkScaling,
  linearScaling,
  llama3Scaling,
  longRopeScaling,
  noScaling,
  ntkScaling,
  proportionalScaling,
  yarnAttentionFactor,
  yarnScaling,
  type RotaryScaling,
} from "orrery-lm/nn";
import type { RopeSection } from "./rope-section.ts";

/** What a scaling is read from. */
interface ScalingSource {
  readonly section: RopeSection;
  readonly config: ConfigReader;
  readonly rotaryDim: number;
}

const readers: Readonly<Record<string, (source: ScalingSource) => RotaryScaling>> = {
  default: () => noScaling,
  linear: ({ section }) => linearScaling(section.number("factor")),
  dynamic,
  yarn,
  longrope,
  su: longrope, // what the first Phi-3 files called it
  llama3,
  proportional: ({ section }) =>
    proportionalScaling({
      share: section.optional("partial_rotary_factor") ?? 1,
      factor: section.optional("factor"),
    }),
};

/**
 * The scaling that a section names.
 *
 * @throws {ConfigError} if it is unknown, a number is missing or cannot work, or there is a key that
 *   it does not know.
 */
export function rotaryScaling(source: ScalingSource): RotaryScaling {
  const { section } = source;
  const read = Object.hasOwn(readers, section.type) ? readers[section.type] : undefined;
  if (!read) {
    throw new ConfigError(
      `config.json: rope_type: expected one of ${Object.keys(readers).join(", ")}, got ${JSON.stringify(section.type)}`,
    );
  }
  const scaling = read(source);
  section.refuseUnknown();
  return scaling;
}

function dynamic({ section, config }: ScalingSource): RotaryScaling {
  // Hunyuan's "dynamic" with an alpha has one base for every length.
  if (section.has("alpha")) {
    section.optional("factor"); // 1, and not read
    return ntkScaling(section.number("alpha"));
  }
  section.optional("original_max_position_embeddings"); // the reference does not read it either
  return dynamicNtkScaling({
    factor: section.number("factor"),
    maxPositions: config.number("max_position_embeddings"),
  });
}

function yarn({ section, config }: ScalingSource): RotaryScaling {
  const originalMaxPositions = originalLength(section, config);
  const factor = section.optional("factor") ?? ratio(originalMaxPositions, config);
  const mscale = section.optional("mscale");
  const ofAllDims = section.optional("mscale_all_dim");
  const given = section.optional("attention_factor") ?? section.optional("attn_factor");
  const fromScales =
    mscale !== undefined && ofAllDims !== undefined
      ? yarnAttentionFactor(factor, mscale) / yarnAttentionFactor(factor, ofAllDims)
      : undefined;
  return yarnScaling({
    factor,
    originalMaxPositions,
    betaFast: section.optional("beta_fast"),
    betaSlow: section.optional("beta_slow"),
    isTruncated: section.boolean("truncate"),
    attentionFactor: given ?? fromScales,
  });
}

function longrope({ section, config, rotaryDim }: ScalingSource): RotaryScaling {
  const originalMaxPositions = originalLength(section, config);
  return longRopeScaling({
    shortFactors: section.list("short_factor", rotaryDim / 2),
    longFactors: section.list("long_factor", rotaryDim / 2),
    originalMaxPositions,
    factor: section.optional("factor") ?? ratio(originalMaxPositions, config),
    attentionFactor: section.optional("attention_factor") ?? section.optional("attn_factor"),
  });
}

function llama3({ section, config }: ScalingSource): RotaryScaling {
  const lowFrequencyFactor = section.number("low_freq_factor");
  const highFrequencyFactor = section.number("high_freq_factor");
  if (!(highFrequencyFactor > lowFrequencyFactor)) {
    throw new ConfigError(
      `config.json: rope_parameters.high_freq_factor: expected more than low_freq_factor ${lowFrequencyFactor}, got ${highFrequencyFactor}`,
    );
  }
  const originalMaxPositions = originalLength(section, config);
  const factor = section.number("factor");
  return llama3Scaling({ factor, lowFrequencyFactor, highFrequencyFactor, originalMaxPositions });
}

/** The length of training before the extension; in the section, beside it, or what there is now. */
function originalLength(section: RopeSection, config: ConfigReader): number {
  const key = "original_max_position_embeddings";
  const length = section.optional(key, key) ?? config.number("max_position_embeddings");
  if (length < 2)
    throw new ConfigError(`config.json: ${key}: expected at least 2 tokens, got ${length}`);
  return length;
}

function ratio(originalMaxPositions: number, config: ConfigReader): number {
  return config.number("max_position_embeddings") / originalMaxPositions;
}
