/** The extrapolation experiment from a text to its report. */

import type { Progress } from "orrery-lm/base";
import { writeFilesAtomic } from "#files";
import type { Runtime } from "orrery-lm/runtime";
import { splitLines, trainTokenizer, type Tokenizer } from "orrery-lm/tokenizers";
import { defaultTrainingOptions } from "orrery-lm/training";
import { runExperiment, type ExperimentProgress } from "../runner.ts";
import { folderStore } from "../store.ts";
import { extrapolationExperiment, type ExtrapolationSettings } from "./experiment.ts";
import { renderExtrapolationReport } from "./report.ts";
import { runArm, splitHeldOut, type ArmSetup } from "./run-arm.ts";
import type { ExtrapolationRecord } from "./summary.ts";

/** How long the experiment takes. */
export interface ExtrapolationForm {
  /** Tokens of a training sequence. */
  trainLength: number;
  steps: number;
  batchSize: number;
  /** Tokens to score at each reading length. */
  evaluationTokens: number;
}

/** Five arms in under five minutes on two cores, and the full form of about half an hour a seed. */
export const extrapolationForms: Readonly<Record<"quick" | "full", ExtrapolationForm>> = {
  quick: { trainLength: 64, steps: 480, batchSize: 16, evaluationTokens: 8192 },
  full: { trainLength: 128, steps: 3000, batchSize: 16, evaluationTokens: 65_536 },
};

const VOCAB_SIZE = 1024;
const MULTIPLES = [1, 1.5, 2, 4, 8];
const SLIDING_STRIDE = 0.25;
const model = {
  model_type: "orrery",
  vocab_size: VOCAB_SIZE,
  hidden_size: 128,
  intermediate_size: 344,
  num_hidden_layers: 4,
  num_attention_heads: 4,
};

/** What {@link runExtrapolation} needs. */
export interface ExtrapolationRunOptions {
  text: string;
  /** Where the text is from, for the report. */
  dataName: string;
  form: ExtrapolationForm;
  seeds: readonly number[];
  /** Fewer arms than all five. */
  arms?: readonly string[];
  /** Folder for outcomes, runs, tokenizer.json and report.html. */
  folder: string;
  runtime: Runtime;
  /** The command that gives the same numbers again, for the report. */
  command: string;
  provenance?: Readonly<Record<string, string>>;
  onTokenizer?: Progress;
  onProgress?: (progress: ExperimentProgress) => void;
  signal?: AbortSignal;
}

/**
 * Learns a tokenizer from a text, trains every arm with every seed, reads at every length and
 * writes the report. Finished arms are not run again, an interrupted one goes on.
 *
 * @returns the outcomes, by seed, then by arm
 * @throws {ConfigError} if the text is too short, or the folder has outcomes of other settings.
 */
export async function runExtrapolation(
  options: ExtrapolationRunOptions,
): Promise<ExtrapolationRecord[]> {
  const { text, seeds, arms, folder, runtime, command, provenance, onProgress, signal } = options;
  const tokenizer = await trainTokenizer(splitLines(text), {
    vocabSize: VOCAB_SIZE,
    ...(options.onTokenizer && { onProgress: options.onTokenizer }),
    ...(signal && { signal }),
  });
  const setup = await setUp(options, tokenizer);
  const experiment = extrapolationExperiment({
    settings: setup.settings,
    seeds,
    run: (arm, seed, context) => runArm(setup, arm, seed, context),
    ...(arms && { arms }),
  });
  await writeFilesAtomic(folder, tokenizer.save("tokenizer.json"));
  const records = await runExperiment(experiment, {
    out: folderStore(folder),
    provenance: { runtime: runtime.name, ...provenance },
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const date = new Date().toISOString();
  const report = await renderExtrapolationReport({ experiment, records, command, date });
  await writeFilesAtomic(folder, { "report.html": new TextEncoder().encode(report) });
  return records;
}

async function setUp(
  { text, dataName, form, folder, runtime }: ExtrapolationRunOptions,
  tokenizer: Tokenizer,
): Promise<ArmSetup> {
  const { trainLength, steps, batchSize, evaluationTokens } = form;
  const config = {
    ...model,
    vocab_size: tokenizer.vocabSize,
    max_position_embeddings: trainLength,
  };
  const training = {
    ...defaultTrainingOptions,
    steps,
    batchSize,
    sequenceLength: trainLength,
    learningRate: 1e-3,
    warmupSteps: Math.ceil(steps / 20),
  };
  const { seed: _, ...shared } = training;
  const settings: ExtrapolationSettings = {
    trainLength,
    multiples: MULTIPLES,
    data: { name: dataName, characters: text.length, sha256: await sha256(text) },
    model: config,
    training: shared,
    evaluation: { tokens: evaluationTokens, slidingStride: SLIDING_STRIDE },
  };
  const tokens = tokenizer.encode(text, { addSpecialTokens: false });
  const parts = splitHeldOut(tokens, settings);
  return {
    settings,
    config,
    training: shared,
    tokenizer,
    ...parts,
    evaluationTokens,
    slidingStride: SLIDING_STRIDE,
    runtime,
    folder,
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
