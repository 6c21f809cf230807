import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, positionEncodingNames } from "orrery-lm/models";
import {
  checkTrainingOptions,
  defaultTrainingOptions,
  type RunSettings,
  type TrainingOptions,
} from "orrery-lm/training";
import type { OptionValues } from "./command.ts";
import { checkUsage } from "./usage-error.ts";

const {
  steps,
  batchSize,
  sequenceLength,
  accumulationSteps,
  learningRate,
  warmupSteps,
  weightDecay,
  clipNorm,
  seed,
} = defaultTrainingOptions;

/** The options that decide the model. */
export const modelOptions = {
  position: {
    type: "choice",
    choices: positionEncodingNames,
    help: "position encoding [rope]",
  },
  layers: { type: "whole", value: "N", min: 1, help: "transformer blocks [4]" },
  "hidden-size": { type: "whole", value: "N", min: 1, help: "width [128]" },
  heads: { type: "whole", value: "N", min: 1, help: "attention heads [4]" },
  "intermediate-size": {
    type: "whole",
    value: "N",
    min: 1,
    help: "inner width of the feed-forward part [8/3 of the width]",
  },
  "max-positions": {
    type: "whole",
    value: "N",
    min: 1,
    help: "rows of a table of learned positions [the sequence length]",
  },
} as const;

/** The options that decide how it is trained. */
export const trainingOptions = {
  steps: { type: "whole", value: "N", min: 1, help: `optimizer steps [${steps}]` },
  "batch-size": { type: "whole", value: "N", min: 1, help: `sequences per pass [${batchSize}]` },
  "sequence-length": {
    type: "whole",
    value: "N",
    min: 1,
    help: `tokens per sequence [${sequenceLength}]`,
  },
  accumulate: { type: "whole", value: "N", min: 1, help: `passes per step [${accumulationSteps}]` },
  "learning-rate": { type: "number", value: "X", help: `the largest one [${learningRate}]` },
  warmup: { type: "whole", value: "N", help: `steps until it is reached [${warmupSteps}]` },
  "weight-decay": { type: "number", value: "X", help: `[${weightDecay}]` },
  clip: { type: "number", value: "X", help: `limit of the gradients' norm [${clipNorm}]` },
  seed: { type: "whole", value: "N", help: `of the first numbers and the batches [${seed}]` },
} as const;

type Given = OptionValues<typeof modelOptions & typeof trainingOptions>;

/**
 * The settings of a run: what was given, else what the run was begun with, else the defaults.
 *
 * @param vocabSize of the tokenizer
 * @throws {UsageError} if they cannot work.
 */
export function settingsOf(
  given: Given,
  begun: RunSettings | undefined,
  vocabSize: number,
): Pick<RunSettings, "config" | "training"> {
  const training = trainingOf(given, begun?.training ?? defaultTrainingOptions);
  const config = { ...configOf(given, begun?.config, training), vocab_size: vocabSize };
  checkUsage(() => checkTrainingOptions(training));
  checkUsage(() => createArchitecture(new ConfigReader(config)));
  return { config, training };
}

function trainingOf(given: Given, base: TrainingOptions): TrainingOptions {
  return {
    ...base,
    steps: given.steps ?? base.steps,
    batchSize: given["batch-size"] ?? base.batchSize,
    sequenceLength: given["sequence-length"] ?? base.sequenceLength,
    accumulationSteps: given.accumulate ?? base.accumulationSteps,
    learningRate: given["learning-rate"] ?? base.learningRate,
    warmupSteps: given.warmup ?? base.warmupSteps,
    weightDecay: given["weight-decay"] ?? base.weightDecay,
    clipNorm: given.clip ?? base.clipNorm,
    seed: given.seed ?? base.seed,
  };
}

function configOf(
  given: Given,
  begun: Readonly<Record<string, unknown>> | undefined,
  training: TrainingOptions,
): Record<string, unknown> {
  const hiddenSize = given["hidden-size"] ?? 128;
  const base = begun ?? {
    model_type: "orrery",
    position_encoding: "rope",
    hidden_size: hiddenSize,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    // As Llama: two thirds of four times the width, in whole eights.
    intermediate_size: Math.ceil((hiddenSize * 8) / 3 / 8) * 8,
    max_position_embeddings: training.sequenceLength,
  };
  const changes = {
    position_encoding: given.position,
    hidden_size: given["hidden-size"],
    num_hidden_layers: given.layers,
    num_attention_heads: given.heads,
    intermediate_size: given["intermediate-size"],
    max_position_embeddings: given["max-positions"],
  };
  const wanted = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(wanted) };
}
