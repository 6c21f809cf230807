/** Trains a model, step by step. */

import { ConfigError } from "orrery-lm/base";
import type { Architecture } from "orrery-lm/models";
import {
  floatData,
  floats,
  integers,
  number,
  type Runtime,
  type Session,
  type TensorData,
} from "orrery-lm/runtime";
import { compile } from "orrery-lm/tensor";
import { checkWindow, drawBatch } from "./batches.ts";
import { checkTrainingOptions, type TrainingOptions } from "./options.ts";
import { learningRateAt } from "./schedule.ts";
import { accumulateStep, statePrefixes, updateStep, wholeStep } from "./step-program.ts";

/** What a step tells. */
export interface StepMetrics {
  /** Counted from 1. */
  readonly step: number;
  /** Nats per token, before the step. */
  readonly loss: number;
  /** Global norm of the gradients, before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

/** Everything that changes while training; the arrays belong to the trainer. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  parameters: Map<string, Float32Array>;
  mean: Map<string, Float32Array>;
  square: Map<string, Float32Array>;
}

/** What a {@link Trainer} is made from. */
export interface TrainerOptions {
  architecture: Architecture;
  options: TrainingOptions;
  runtime: Runtime;
  /** Ids of the training text. */
  tokens: ArrayLike<number>;
  /** Parameters to start from, or a state to go on from. */
  start: ReadonlyMap<string, Float32Array> | TrainingState;
}

/** A state with parameters that have not been trained yet. */
export function freshState(parameters: ReadonlyMap<string, Float32Array>): TrainingState {
  const zeros = (): Map<string, Float32Array> =>
    new Map([...parameters].map(([name, data]) => [name, new Float32Array(data.length)]));
  return { step: 0, parameters: new Map(parameters), mean: zeros(), square: zeros() };
}

type Sessions = { whole: Session } | { accumulate: Session; update: Session };

/** Runs optimizer steps; what it does at a step depends on the settings, the data and the state only. */
export class Trainer {
  readonly #options: TrainingOptions;
  readonly #tokens: ArrayLike<number>;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #sessions: Sessions;
  #state: TrainingState;

  private constructor(options: TrainerOptions, sessions: Sessions) {
    const { architecture, start } = options;
    this.#options = options.options;
    this.#tokens = options.tokens;
    this.#sessions = sessions;
    this.#state = "step" in start ? start : freshState(start);
    const specs = Object.entries(architecture.network.parameters());
    this.#shapes = new Map(specs.map(([name, { shape }]) => [name, shape]));
  }

  /** @throws {ConfigError} if a setting is outside its range, or the text is too short. */
  static async open(trainer: TrainerOptions): Promise<Trainer> {
    const { architecture, options, runtime, tokens } = trainer;
    checkTrainingOptions(options);
    checkLength(architecture, options);
    checkWindow(tokens, options);
    const open = (build: typeof wholeStep): Promise<Session> =>
      runtime.open(compile(build(architecture.network, options)));
    const sessions =
      options.accumulationSteps === 1
        ? { whole: await open(wholeStep) }
        : { accumulate: await open(accumulateStep), update: await open(updateStep) };
    return new Trainer(trainer, sessions);
  }

  /** The state after the last step. */
  get state(): TrainingState {
    return this.#state;
  }

  /**
   * Does one optimizer step.
   *
   * @throws {ConfigError} if the loss is no longer a number.
   */
  async step(): Promise<StepMetrics> {
    const step = this.#state.step + 1;
    const { beta1, beta2 } = this.#options;
    const learningRate = learningRateAt(step, this.#options);
    const scalars = {
      learningRate: number(learningRate),
      correction1: number(1 / (1 - beta1 ** step)),
      correction2: number(1 / (1 - beta2 ** step)),
    };
    const { loss, results } =
      "whole" in this.#sessions
        ? await this.#whole(this.#sessions.whole, scalars)
        : await this.#accumulated(this.#sessions.accumulate, this.#sessions.update, scalars);
    const gradientNorm = floatData(results["gradientNorm"])[0]!;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new ConfigError(
        `training: step ${step}: the loss is ${loss} and the gradient norm ${gradientNorm}; the run has diverged. Try a smaller learning rate or a longer warm-up; the last checkpoint is intact`,
      );
    }
    this.#state = this.#after(step, results);
    return { step, loss, gradientNorm, learningRate };
  }

  /** Frees what the runtime holds. */
  async release(): Promise<void> {
    for (const session of Object.values<Session>(this.#sessions)) await session.release();
  }

  async #whole(
    session: Session,
    scalars: Record<string, TensorData>,
  ): Promise<{ loss: number; results: Record<string, TensorData> }> {
    const results = await session.run({
      ...this.#batch(this.#state.step),
      ...this.#feeds(),
      ...scalars,
    });
    return { loss: floatData(results["loss"])[0]!, results };
  }

  async #accumulated(
    accumulate: Session,
    update: Session,
    scalars: Record<string, TensorData>,
  ): Promise<{ loss: number; results: Record<string, TensorData> }> {
    const { accumulationSteps } = this.#options;
    const { gradient, next } = statePrefixes;
    let sums = Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return [gradient + name, floats(new Float32Array(size), shape)];
      }),
    );
    let loss = 0;
    for (let i = 0; i < accumulationSteps; i++) {
      const batch = this.#batch(this.#state.step * accumulationSteps + i);
      // One pass after the other: each adds to the sums of the one before.
      // oxlint-disable-next-line no-await-in-loop
      const { loss: part, ...rest } = await accumulate.run({ ...batch, ...this.#feeds(), ...sums });
      loss += floatData(part)[0]! / accumulationSteps;
      sums = Object.fromEntries(
        Object.entries(rest).map(([name, sum]) => [name.slice(next.length), sum]),
      );
    }
    return { loss, results: await update.run({ ...this.#feeds(), ...sums, ...scalars }) };
  }

  #batch(index: number): Record<string, TensorData> {
    const { batchSize, sequenceLength } = this.#options;
    const { inputIds, labels } = drawBatch(this.#tokens, { ...this.#options, index });
    const shape = [batchSize, sequenceLength];
    return { inputIds: integers(inputIds, shape), labels: integers(labels, shape) };
  }

  #feeds(): Record<string, TensorData> {
    const { mean, square } = statePrefixes;
    const feeds: Record<string, TensorData> = {};
    for (const [name, shape] of this.#shapes) {
      feeds[name] = floats(this.#state.parameters.get(name)!, shape);
      feeds[mean + name] = floats(this.#state.mean.get(name)!, shape);
      feeds[square + name] = floats(this.#state.square.get(name)!, shape);
    }
    return feeds;
  }

  #after(step: number, results: Readonly<Record<string, TensorData>>): TrainingState {
    const { mean, square, next } = statePrefixes;
    const collect = (prefix: string): Map<string, Float32Array> =>
      new Map(
        [...this.#shapes.keys()].map((name) => [name, floatData(results[next + prefix + name])]),
      );
    return { step, parameters: collect(""), mean: collect(mean), square: collect(square) };
  }
}

function checkLength({ network }: Architecture, { sequenceLength }: TrainingOptions): void {
  const { maxPositions } = network;
  if (maxPositions !== undefined && sequenceLength > maxPositions) {
    throw new ConfigError(
      `training: a sequence of ${sequenceLength} tokens is longer than the table of learned positions, which has ${maxPositions} rows (xPos has none, but its scales reach no further); choose a smaller sequence length or more positions`,
    );
  }
}
