/** Trains one arm of the extrapolation experiment and reads with it at every length. */

import { ConfigError } from "orrery-lm/base";
import { countParameters } from "orrery-lm/models";
import type { Model } from "orrery-lm/models";
import type { Runtime } from "orrery-lm/runtime";
import type { Tokenizer } from "orrery-lm/tokenizers";
import {
  evaluate,
  isRun,
  train,
  type EvaluateOptions,
  type TrainingOptions,
} from "orrery-lm/training";
import type { RunContext } from "../experiment.ts";
import type {
  ExtrapolationArm,
  ExtrapolationOutcome,
  ExtrapolationSettings,
  LengthLoss,
  PositionLoss,
} from "./experiment.ts";

/** What all arms are trained and measured with. */
export interface ArmSetup {
  settings: ExtrapolationSettings;
  /** config.json of every arm, but for `position_encoding`. */
  config: Readonly<Record<string, unknown>>;
  training: Omit<TrainingOptions, "seed">;
  tokenizer: Tokenizer;
  trainTokens: Uint32Array;
  heldOutTokens: Uint32Array;
  /** Tokens to score at each length; more where the longest window needs it. */
  evaluationTokens: number;
  /** Tokens between windows that slide, as a part of the length. */
  slidingStride: number;
  runtime: Runtime;
  /** Where runs are kept: `arms/<arm>.seed-<seed>`. */
  folder: string;
}

/** Buckets of positions in the per-position curve. */
const BUCKETS = 32;

/**
 * Trains an arm, or goes on where it was interrupted, and measures it.
 *
 * @throws {unknown} the signal's reason if it is aborted; the run has then been saved.
 */
export async function runArm(
  setup: ArmSetup,
  { positions }: ExtrapolationArm,
  seed: number,
  { arm, signal, progress }: RunContext,
): Promise<ExtrapolationOutcome> {
  const { training, runtime, tokenizer } = setup;
  const folder = `${setup.folder}/arms/${arm}.seed-${seed}`;
  const total = training.steps * 1.25; // reading takes about a quarter of the time of training
  let stepsNow = 0; // an arm that was interrupted has done some before
  const result = await train({
    config: { ...setup.config, position_encoding: positions },
    training: { ...training, seed },
    tokens: setup.trainTokens,
    runtime,
    folder,
    resume: await isRun(folder),
    tokenizerFiles: tokenizer.save("tokenizer.json"),
    signal,
    onStep: ({ step, loss }) => {
      stepsNow++;
      progress(step, total, `loss ${loss.toFixed(3)}`);
    },
  });
  signal.throwIfAborted();
  const { model, history, durationMs } = result;
  const tokensPerStep = training.batchSize * training.sequenceLength * training.accumulationSteps;
  try {
    return {
      ...(await measure(setup, model, (fraction) => {
        signal.throwIfAborted();
        progress(training.steps + (total - training.steps) * fraction, total, "reading");
      })),
      trainLoss: history.map(({ step, loss }) => ({ step, loss })),
      tokensPerSecond: stepsNow > 0 ? (1000 * tokensPerStep * stepsNow) / durationMs : null,
      parameters: countParameters(model.architecture.network.parameters()),
      sample: await writeSample(setup, model, seed),
    };
  } finally {
    await model.release();
  }
}

/** Reads at every length; where positions end, again with the last row repeated. */
async function measure(
  setup: ArmSetup,
  model: Model,
  onReading: (fraction: number) => void,
): Promise<Pick<ExtrapolationOutcome, "lengths" | "perPosition" | "repeatedLastRow">> {
  const { settings } = setup;
  const { maxPositions = Infinity } = model.architecture.network;
  const isLimited = settings.trainLength * Math.max(...settings.multiples) > maxPositions;
  const readings = settings.multiples.length * (isLimited ? 2 : 1);
  let done = 0;
  const next = (): void => onReading(done++ / readings);
  const { lengths, longest } = await readLengths(setup, model, { onReading: next });
  const lastPosition = settings.trainLength - 1;
  const repeated = isLimited
    ? await readLengths(setup, model, { onReading: next, lastPosition })
    : undefined;
  return {
    lengths,
    perPosition: bucketed(longest, settings),
    ...(repeated && { repeatedLastRow: repeated.lengths }),
  };
}

interface Reading {
  lengths: LengthLoss[];
  /** Loss by position in windows of the longest length; undefined where it cannot be read. */
  longest: Float64Array | undefined;
}

async function readLengths(
  { settings, heldOutTokens, evaluationTokens, slidingStride }: ArmSetup,
  model: Model,
  { onReading, lastPosition }: { onReading: () => void; lastPosition?: number },
): Promise<Reading> {
  const { maxPositions = Infinity } = model.architecture.network;
  const lengths: LengthLoss[] = [];
  let longest: Float64Array | undefined;
  for (const multiple of settings.multiples) {
    onReading();
    const length = settings.trainLength * multiple;
    if (length > maxPositions && lastPosition === undefined) {
      const note = `past the table of ${maxPositions} learned positions`;
      lengths.push({ length, lossNonOverlapping: null, lossSliding: null, note });
      longest = undefined;
      continue;
    }
    const options: Omit<EvaluateOptions, "stride"> = {
      length,
      maxTokens: Math.max(evaluationTokens, length),
      ...(lastPosition !== undefined && { lastPosition }),
    };
    const stride = Math.max(1, Math.floor(length * slidingStride));
    // oxlint-disable-next-line no-await-in-loop
    const apart = await evaluate(model, heldOutTokens, { ...options, stride: length });
    // oxlint-disable-next-line no-await-in-loop
    const sliding = await evaluate(model, heldOutTokens, { ...options, stride });
    lengths.push({ length, lossNonOverlapping: apart.loss, lossSliding: sliding.loss });
    longest = apart.perPosition;
  }
  return { lengths, longest };
}

/** Means over ranges of positions of the longest window; null past what the model can read. */
function bucketed(
  losses: Float64Array | undefined,
  settings: ExtrapolationSettings,
): PositionLoss[] {
  const length = settings.trainLength * settings.multiples.at(-1)!;
  const width = Math.max(1, Math.floor(length / BUCKETS));
  return Array.from({ length: Math.floor(length / width) }, (_, i) => {
    const start = i * width;
    const end = start + width;
    const part = losses?.subarray(start, end);
    return { start, end, loss: part ? part.reduce((a, b) => a + b, 0) / width : null };
  });
}

async function writeSample(
  { tokenizer, heldOutTokens, settings }: ArmSetup,
  model: Model,
  seed: number,
): Promise<string> {
  const prompt = heldOutTokens.slice(0, 16);
  const ids = Array.from(prompt);
  const maxNewTokens = settings.trainLength - prompt.length;
  for await (const { id } of model.generate(prompt, {
    maxNewTokens,
    temperature: 0.8,
    topK: 40,
    seed,
  })) {
    ids.push(id);
  }
  return tokenizer.decode(Uint32Array.from(ids));
}

/**
 * Splits a text's ids into those to train on and those to read: nine tenths and the last tenth.
 *
 * @throws {ConfigError} if the last tenth is shorter than the longest window.
 */
export function splitHeldOut(
  tokens: Uint32Array,
  settings: Pick<ExtrapolationSettings, "trainLength" | "multiples">,
): { trainTokens: Uint32Array; heldOutTokens: Uint32Array } {
  const cut = Math.floor(tokens.length * 0.9);
  const needed = settings.trainLength * settings.multiples.at(-1)! + 1;
  if (tokens.length - cut < needed) {
    throw new ConfigError(
      `extrapolation: the last tenth of the text must hold one window of ${needed} tokens, it has ${tokens.length - cut}; give at least ${needed * 10} tokens of text (this one has ${tokens.length})`,
    );
  }
  return { trainTokens: tokens.subarray(0, cut), heldOutTokens: tokens.subarray(cut) };
}
