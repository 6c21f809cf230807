/** What there is to say about a model before it has numbers. */

import type { ConfigReader } from "orrery-lm/formats";
import type { NetworkKind, PartDescription } from "orrery-lm/nn";
import { createArchitecture } from "../assembly/create-architecture.ts";
import { countParameters } from "../initialize.ts";
import { blockKinds, type BlockKind } from "./block-kinds.ts";
import { keptOf, type KeptTokens } from "./kept-tokens.ts";
import { questionsOf } from "./questions.ts";
import { parametersByPart, workOf, type Work } from "./work.ts";

/** A model explained; nothing of it is written for a family. */
export interface ModelInspection {
  readonly modelType: string;
  readonly kind: NetworkKind;
  /** The whole network, layer by layer. */
  readonly description: PartDescription;
  /** The different kinds of blocks, and which layers are of each. */
  readonly blocks: readonly BlockKind[];
  readonly parameters: {
    readonly total: number;
    /** Token and position tables. */
    readonly embedding: number;
    /** Those that one token meets; fewer than all where there are experts. */
    readonly active: number;
    readonly byPart: Readonly<Record<string, number>>;
  };
  /** At {@link InspectOptions.length}. */
  readonly work: Work;
  /** Undefined for encoders, which keep nothing. */
  readonly kept: KeptTokens | undefined;
  /** Bytes of all weights, by dtype. */
  readonly weightBytes: Readonly<Record<"float32" | "float16" | "int8" | "int4", number>>;
  /** Tokens of a text that it can read; undefined: any number. */
  readonly maxPositions: number | undefined;
  /** Values that were not in config.json. */
  readonly assumptions: readonly string[];
  /** What config.json says without effect. */
  readonly notes: readonly string[];
  /** Questions whose answer its parts are an example of, as `10.2.1`. */
  readonly questions: readonly string[];
}

/** Options of {@link inspectModel}. */
export interface InspectOptions {
  /** Tokens of the text that work and memory are told for. @default 2048 */
  readonly length?: number;
}

/**
 * Explains the model that a config.json describes.
 *
 * @throws {ConfigError} if the config describes no model that is known.
 */
export function inspectModel(config: ConfigReader, options: InspectOptions = {}): ModelInspection {
  const { length = 2048 } = options;
  const { network } = createArchitecture(config);
  const specs = network.parameters();
  const description = network.describe();
  const { total, embedding } = countParameters(specs);
  const work = workOf(description, specs, length);
  return {
    modelType: config.string("model_type"),
    kind: network.kind,
    description,
    blocks: blockKinds(description),
    parameters: {
      total,
      embedding,
      active: work.activeParameters,
      byPart: parametersByPart(specs),
    },
    work,
    kept: network.kind === "encoder" ? undefined : keptOf(network, description, length),
    weightBytes: { float32: 4 * total, float16: 2 * total, int8: total, int4: total / 2 },
    maxPositions: network.maxPositions,
    assumptions: config.assumptions,
    notes: config.notes,
    questions: questionsOf(description),
  };
}
