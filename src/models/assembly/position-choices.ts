/** The position encodings that a decoder of ours can be built with. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import {
  AlibiBias,
  LearnedEmbedding,
  ShawTerms,
  SinusoidalEmbedding,
  T5Bias,
  TransformerXlTerms,
  Xpos,
  noPositions,
  type PositionEncoding,
  type RelativeTerms,
} from "orrery-lm/nn";
import { ropeFrom } from "./rope-parameters.ts";

/** The names that `position_encoding` knows. */
export const positionEncodingNames = [
  "none",
  "sinusoidal",
  "learned",
  "shaw",
  "transformer-xl",
  "t5",
  "rope",
  "xpos",
  "alibi",
] as const;

/** One of {@link positionEncodingNames}. */
export type PositionEncodingName = (typeof positionEncodingNames)[number];

/** What an encoding must know of its network. */
export interface PositionSizes {
  readonly hiddenSize: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Standard deviation of what is learned, at first. */
  readonly std: number;
}

/** An encoding, as the two places take it where encodings act. */
export interface PositionChoice {
  readonly positions: PositionEncoding;
  readonly relative?: RelativeTerms | undefined;
}

/**
 * The encoding that `position_encoding` names. RoPE reads `rope_parameters` with every scaling;
 * Shaw's distances are clipped at `relative_max_distance` (16), T5 has 32 buckets up to distance 128.
 */
export function positionChoice(config: ConfigReader, sizes: PositionSizes): PositionChoice {
  const { hiddenSize, numHeads, headDim, std } = sizes;
  const maxPositions = config.number("max_position_embeddings");
  const relativeOnly = (relative: RelativeTerms): PositionChoice => ({
    positions: noPositions,
    relative,
  });
  const choices: Record<PositionEncodingName, () => PositionChoice> = {
    none: () => ({ positions: noPositions }),
    sinusoidal: () => ({ positions: new SinusoidalEmbedding({ hiddenSize }) }),
    learned: () => ({ positions: new LearnedEmbedding({ hiddenSize, maxPositions, std }) }),
    shaw: () => {
      const maxDistance = config.optionalNumber("relative_max_distance", 16);
      return relativeOnly(new ShawTerms({ headDim, maxDistance, std }));
    },
    "transformer-xl": () => relativeOnly(new TransformerXlTerms(sizes)),
    t5: () => {
      const buckets = { buckets: 32, maxDistance: 128, isBidirectional: false };
      return { positions: new T5Bias({ ...buckets, numHeads, std }) };
    },
    rope: () => ({ positions: ropeFrom(config, { headDim }) }),
    xpos: () => ({ positions: new Xpos({ headDim }) }),
    alibi: () => ({ positions: new AlibiBias({ numHeads }) }),
  };
  return choices[config.choice("position_encoding", positionEncodingNames)]();
}

/**
 * What each layer has of the encoding: nothing where `no_position_layers` names it by number, from
 * 0, as in models that leave out RoPE in every fourth layer.
 *
 * @throws {ConfigError} if there is no such layer, or what is added to embeddings should be left out.
 * @see Yang et al. 2025, https://arxiv.org/abs/2501.18795
 */
export function positionsByLayer(
  config: ConfigReader,
  { positions, relative }: PositionChoice,
  numLayers: number,
): PositionChoice[] {
  const bare = config.counts("no_position_layers");
  const where = "config.json: no_position_layers";
  const beyond = bare.find((layer) => layer >= numLayers);
  if (beyond !== undefined) {
    throw new ConfigError(`${where}: expected layers from 0 to ${numLayers - 1}, got ${beyond}`);
  }
  if (bare.length > 0 && positions.embed) {
    const name = config.string("position_encoding");
    throw new ConfigError(
      `${where}: expected an encoding that acts within layers, got position_encoding ${name}, which is added to embeddings; leave the key out or choose rope`,
    );
  }
  return Array.from({ length: numLayers }, (_, layer) =>
    bare.includes(layer) ? { positions: noPositions } : { positions, relative },
  );
}
