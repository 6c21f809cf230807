/** A whole training run: begin or resume, step, save, stop when asked. */

import { ConfigError } from "orrery-lm/base";
import { exists } from "#files";
import { ConfigReader } from "orrery-lm/formats";
import { Model, createArchitecture, initialize, type Architecture } from "orrery-lm/models";
import type { Runtime } from "orrery-lm/runtime";
import type { TrainingOptions } from "./options.ts";
import {
  beginRun,
  checkSameSettings,
  fingerprint,
  isRun,
  readRun,
  readRunSettings,
  saveRun,
  type RunSettings,
} from "./run-folder.ts";
import { Trainer, type StepMetrics, type TrainingState } from "./trainer.ts";

/** What {@link train} needs. */
export interface TrainOptions {
  /** The model's config.json, as an object. */
  config: Readonly<Record<string, unknown>>;
  training: TrainingOptions;
  /** Ids of the training text. */
  tokens: ArrayLike<number>;
  runtime: Runtime;
  /** Where the run is kept; without it nothing is written. */
  folder?: string;
  /** Files that go beside the model, such as tokenizer.json. */
  tokenizerFiles?: Readonly<Record<string, Uint8Array>>;
  /** Whether to go on with the run in `folder`. @default false */
  resume?: boolean;
  /** Steps between two saves; the last step is always saved. @default 200 */
  saveEvery?: number;
  onStep?: (metrics: StepMetrics, total: number) => void;
  /** When aborted, the run is saved after the step at hand, and `train` returns. */
  signal?: AbortSignal;
}

/** How a run ended. */
export interface TrainResult {
  model: Model;
  history: readonly StepMetrics[];
  /** Whether every step was done; false after an abort. */
  isComplete: boolean;
  /** Milliseconds of the steps that were done now. */
  durationMs: number;
}

/**
 * Trains a model from its first numbers, or goes on with a run. A resumed run gives the losses of
 * one that was never interrupted, bit for bit on the same machine and runtime. Nothing is written
 * before the settings and the text have been found to work.
 *
 * @throws {ConfigError} if the folder holds a run or a model and `resume` is false, or it holds no
 *   run and `resume` is true, or the settings are not those that the run was begun with.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { config, training, tokens, runtime, folder, resume = false } = options;
  const { tokenizerFiles = {}, saveEvery = 200, onStep, signal } = options;
  const architecture = createArchitecture(new ConfigReader(config));
  const settings: RunSettings = { config, training, data: fingerprint(tokens) };
  const { start, history } = await startOf(options, architecture, settings);
  const trainer = await Trainer.open({ architecture, options: training, runtime, tokens, start });
  const save = async (): Promise<void> => {
    if (folder === undefined) return;
    await saveRun(folder, { architecture, config, saved: { state: trainer.state, history } });
  };
  const begun = performance.now();
  let savedStep = trainer.state.step;
  try {
    if (folder !== undefined && !resume) await beginRun(folder, settings, tokenizerFiles);
    while (trainer.state.step < training.steps && !signal?.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const metrics = await trainer.step();
      history.push(metrics);
      onStep?.(metrics, training.steps);
      if (metrics.step % saveEvery === 0) {
        // oxlint-disable-next-line no-await-in-loop
        await save();
        savedStep = metrics.step;
      }
      // onnxruntime-node blocks while it runs; let timers and signals have their turn.
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const durationMs = performance.now() - begun;
    if (trainer.state.step > savedStep) await save();
    const model = new Model({ config, parameters: trainer.state.parameters, runtime });
    return { model, history, isComplete: trainer.state.step === training.steps, durationMs };
  } finally {
    await trainer.release();
  }
}

async function startOf(
  { training, folder, resume = false }: TrainOptions,
  architecture: Architecture,
  settings: RunSettings,
): Promise<{ start: ReadonlyMap<string, Float32Array> | TrainingState; history: StepMetrics[] }> {
  const fresh = (): Map<string, Float32Array> =>
    initialize(architecture.network.parameters(), training.seed);
  if (folder === undefined) return { start: fresh(), history: [] };
  if (!resume) {
    if (await isRun(folder)) {
      throw new ConfigError(
        `${folder} already holds a run; go on with it (--resume), or choose another folder`,
      );
    }
    if (await exists(`${folder}/model.safetensors`)) {
      throw new ConfigError(
        `${folder} already holds a model, which a run would replace; choose another folder`,
      );
    }
    return { start: fresh(), history: [] };
  }
  checkSameSettings(await readRunSettings(folder), settings);
  const saved = await readRun(folder, architecture);
  return saved ? { start: saved.state, history: saved.history } : { start: fresh(), history: [] };
}
