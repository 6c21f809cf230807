/** The settings of a training run. */

import { ConfigError } from "orrery-lm/base";

/** Everything that decides the numbers of a run, but its model and data. */
export interface TrainingOptions {
  /** Optimizer steps. */
  steps: number;
  /** Sequences per forward pass. */
  batchSize: number;
  /** Tokens per sequence. */
  sequenceLength: number;
  /** Forward passes per optimizer step; their gradients are averaged. */
  accumulationSteps: number;
  /** The largest learning rate. */
  learningRate: number;
  warmupSteps: number;
  /** The last learning rate as a part of the largest. */
  finalRatio: number;
  weightDecay: number;
  /** Limit of the gradients' global norm. */
  clipNorm: number;
  beta1: number;
  beta2: number;
  eps: number;
  seed: number;
}

/** What is used where nothing is said. */
export const defaultTrainingOptions: TrainingOptions = {
  steps: 1000,
  batchSize: 16,
  sequenceLength: 128,
  accumulationSteps: 1,
  learningRate: 1e-3,
  warmupSteps: 50,
  finalRatio: 0.1,
  weightDecay: 0.1,
  clipNorm: 1,
  beta1: 0.9,
  beta2: 0.95,
  eps: 1e-8,
  seed: 1,
};

const wholeNumbers = ["steps", "batchSize", "sequenceLength", "accumulationSteps"] as const;

/**
 * Checks the settings of a run.
 *
 * @throws {ConfigError} if one is outside its range.
 */
export function checkTrainingOptions(options: TrainingOptions): void {
  const fail = (name: string, expected: string, value: number): never => {
    throw new ConfigError(`training: ${name}: expected ${expected}, got ${value}`);
  };
  for (const name of wholeNumbers) {
    const value = options[name];
    if (!Number.isSafeInteger(value) || value < 1) fail(name, "a whole number, 1 or more", value);
  }
  for (const name of ["learningRate", "clipNorm", "eps"] as const) {
    if (!(options[name] > 0) || options[name] === Infinity)
      fail(name, "a positive number", options[name]);
  }
  for (const name of ["beta1", "beta2"] as const) {
    if (!(options[name] >= 0 && options[name] < 1))
      fail(name, "at least 0 and less than 1", options[name]);
  }
  if (!(options.weightDecay >= 0)) fail("weightDecay", "0 or more", options.weightDecay);
  if (!(options.finalRatio >= 0 && options.finalRatio <= 1))
    fail("finalRatio", "0 to 1", options.finalRatio);
  if (!Number.isSafeInteger(options.warmupSteps) || options.warmupSteps < 0) {
    fail("warmupSteps", "a whole number, 0 or more", options.warmupSteps);
  }
  if (!Number.isSafeInteger(options.seed) || options.seed < 0) {
    fail("seed", "a whole number, 0 or more", options.seed);
  }
}
