import { random } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, initialize, type Architecture } from "orrery-lm/models";
import type { Runtime } from "orrery-lm/runtime";
import { Trainer, defaultTrainingOptions, type TrainingOptions } from "orrery-lm/training";

/** config.json of a decoder that trains in milliseconds. */
export function tinyConfig(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model_type: "orrery",
    vocab_size: 32,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    max_position_embeddings: 8,
    position_encoding: "rope",
    ...change,
  };
}

export function tinyArchitecture(change: Record<string, unknown> = {}): Architecture {
  return createArchitecture(new ConfigReader(tinyConfig(change)));
}

/** Settings for a few steps. */
export function tinyTraining(change: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    ...defaultTrainingOptions,
    steps: 6,
    batchSize: 4,
    sequenceLength: 8,
    warmupSteps: 2,
    learningRate: 1e-2,
    ...change,
  };
}

/** A text with something to learn: each id is followed by one of two. */
export function tinyTokens(length = 400): Uint32Array {
  const stream = random(7, "tokens");
  const tokens = new Uint32Array(length);
  for (let i = 1; i < length; i++) tokens[i] = (2 * tokens[i - 1]! + stream.integer(2)) % 32;
  return tokens;
}

/** The losses of the first steps of a tiny decoder with a position encoding. */
export async function tinyLosses(
  runtime: Runtime,
  position: string,
  steps: number,
): Promise<number[]> {
  const architecture = tinyArchitecture({ position_encoding: position });
  const trainer = await Trainer.open({
    architecture,
    options: tinyTraining(),
    runtime,
    tokens: tinyTokens(),
    start: initialize(architecture.network.parameters(), 1),
  });
  const losses: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < steps; i++) losses.push((await trainer.step()).loss);
  return losses;
}
